namespace Ioc.Profiles.Fields;

/// <summary>A span between a base time and the time meant.</summary>
/// <param name="Slot">Slot of the number; −1 when it is elsewhere.</param>
/// <param name="Name">Place among the named values; −1 when it is elsewhere.</param>
/// <param name="Binary">Place in a binary body; null when it is elsewhere.</param>
/// <param name="Unit">Its unit to milliseconds.</param>
/// <param name="Back">It is taken off the base.</param>
internal sealed record TimeShift(int Slot, int Name, BinaryNumber? Binary, LinearMap Unit, bool Back)
{
    /// <summary>The span; none where the message has none.</summary>
    /// <returns>False when what stands there is no span.</returns>
    public bool TryRead(scoped ref Frame frame, out long ticks)
    {
        ticks = 0;
        double value = double.NaN;
        if (Binary is { } binary)
        {
            if (!binary.TryRead(frame.Body, out value))
                return false;
        }
        else if (Name >= 0)
        {
            value = frame.Named[Name];
        }
        else
        {
            JsonSlot slot = frame.Slots[Slot];
            if (!slot.HasValue)
                return true;
            if (slot.Kind is not (SlotKind.Number or SlotKind.String) || !NumberText.TryParse(NumberText.Trim(slot.Of(frame.Payload)), out value))
                return false;
        }

        bool read = TimeText.TryEpoch(Unit.Apply(value), TimeText.TicksPerSecond / 1000, out ticks) && !double.IsNaN(value);
        if (Back)
            ticks = -ticks;
        return read;
    }
}
