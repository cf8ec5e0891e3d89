using Ioc.Profiles.Model;
using Ioc.Profiles.Tracing;
using NodaTime;

namespace Ioc.Profiles.Fields;

/// <summary>How the device's time is found and read.</summary>
internal sealed class TimePlan
{
    // Most a device's clock may differ from arrival before it is doubted: it may buffer for weeks, but it cannot know the future.
    private const long MostAhead = 10 * 60 * TimeText.TicksPerSecond;
    private const long MostBehind = 60L * 86_400 * TimeText.TicksPerSecond;

    public required int[] Slots { get; init; }
    public BinaryNumber? Binary { get; init; }
    public required TimeForm Form { get; init; }
    public TimePattern? Pattern { get; init; }
    public bool UtcZone { get; init; }

    /// <summary>The firmware does not promise a time: its absence is no fault of the clock.</summary>
    public bool Optional { get; init; }

    /// <summary>It is the network server's clock, not the device's.</summary>
    public bool IsEnvelope { get; init; }

    /// <summary>Whose clock a time is that was read with this outcome.</summary>
    public TimeSource SourceOf(ReadStatus status) =>
        status != ReadStatus.Value ? TimeSource.Receive : IsEnvelope ? TimeSource.Envelope : TimeSource.Payload;

    /// <summary>It may lie years back.</summary>
    public bool Past { get; init; }

    /// <summary>What is added to the time, or to arrival where there is none.</summary>
    public TimeShift? Plus { get; init; }

    /// <summary>Slot of the beginning of the interval that ends at this time; −1 when nobody asks.</summary>
    public int Start { get; init; } = -1;

    /// <summary>Place among the named values for the interval's length in seconds; −1 when nobody asks.</summary>
    public int PeriodName { get; init; } = -1;

    /// <summary>Reads the first of its places that has a time.</summary>
    /// <returns>Value when it is plausible; Malformed when it is not, or is promised and not there; Absent otherwise.</returns>
    public ReadStatus TryRead(scoped ref Frame frame, DateTimeZone zone, out Instant at)
    {
        at = frame.ReceivedAt;
        long received = frame.ReceivedAt.ToUnixTimeTicks();
        ReadStatus status = Base(ref frame, zone, out long ticks);
        if (Plus is not null)
        {
            // A span without a base counts from arrival; the time is then ours, not the device's.
            if (status == ReadStatus.Absent)
                ticks = received;
            if (status == ReadStatus.Malformed || !Plus.TryRead(ref frame, out long span))
                return ReadStatus.Malformed;
            ticks += span;
        }
        else if (status == ReadStatus.Absent)
        {
            return Optional ? ReadStatus.Absent : ReadStatus.Malformed;
        }

        if (status == ReadStatus.Malformed || ticks > received + MostAhead || (ticks < received - MostBehind && !(Past && ticks > 0)))
            return ReadStatus.Malformed;

        at = Instant.FromUnixTimeTicks(ticks);
        return status;
    }

    /// <summary>The time as written: Value, Absent when no place has one, Malformed when none of those that have can be read.</summary>
    private ReadStatus Base(scoped ref Frame frame, DateTimeZone zone, out long ticks)
    {
        ticks = 0;
        if (Binary is { } binary)
            return binary.TryRead(frame.Body, out double number) && TryNumber(number, out ticks) ? ReadStatus.Value : Optional ? ReadStatus.Absent : ReadStatus.Malformed;

        bool isThere = false;
        foreach (int slot in Slots)
        {
            if (!frame.Slots[slot].HasValue)
                continue;

            isThere = true;
            if (!TrySlot(ref frame, frame.Slots[slot], zone, out ticks, out long start))
                continue;
            if (PeriodName >= 0)
                Measure(ref frame, zone, ticks, start);
            return ReadStatus.Value;
        }

        // An odd text where a time may be missing is as good as none.
        return isThere && !Optional ? ReadStatus.Malformed : ReadStatus.Absent;
    }

    private void Measure(scoped ref Frame frame, DateTimeZone zone, long end, long start)
    {
        bool known = start != long.MinValue;
        if (Start >= 0 && frame.Slots[Start].HasValue)
            known = TrySlot(ref frame, frame.Slots[Start], zone, out start, out _);
        frame.Named[PeriodName] = known && start <= end ? (end - start) / (double)TimeText.TicksPerSecond : double.NaN;
    }

    private bool TrySlot(scoped ref Frame frame, JsonSlot slot, DateTimeZone zone, out long ticks, out long start)
    {
        ticks = 0;
        start = long.MinValue;
        ReadOnlySpan<byte> text = NumberText.Trim(slot.Of(frame.Payload));
        if (Form is TimeForm.EpochSeconds or TimeForm.EpochMilliseconds)
            return slot.Kind is SlotKind.Number or SlotKind.String && NumberText.TryParse(text, out double number) && TryNumber(number, out ticks);
        if (slot.Kind is not (SlotKind.String or SlotKind.Number) || (slot.Kind == SlotKind.Number && Form != TimeForm.Pattern))
            return false;
        int stroke = Form == TimeForm.Iso ? text.IndexOf((byte)'/') : -1;
        if (stroke < 0)
            return TryText(text, zone, frame.ReceivedAt, out ticks);
        if (!TryText(text[(stroke + 1)..], zone, frame.ReceivedAt, out ticks))
            return false;

        return TryText(text[..stroke], zone, frame.ReceivedAt, out start);
    }

    private bool TryText(ReadOnlySpan<byte> text, DateTimeZone zone, Instant received, out long ticks)
    {
        var clock = WallClock.Device;
        if (Form == TimeForm.Pattern)
        {
            if (!Pattern!.TryRead(text, out ticks, out clock))
                return false;
        }
        else
        {
            if (!TimeText.TryIso(text, out ticks, out bool isLocal))
                return false;
            clock = isLocal ? WallClock.Device : WallClock.Utc;
        }

        if (clock != WallClock.Utc && !UtcZone)
            ticks = LocalTime.ToUtc(ticks, zone, received, clock);
        return true;
    }

    private bool TryNumber(double number, out long ticks) =>
        TimeText.TryEpoch(number, Form == TimeForm.EpochSeconds ? TimeText.TicksPerSecond : TimeText.TicksPerSecond / 1000, out ticks);
}
