using Ioc.Profiles.Tracing;
using Ioc.Profiles.Model;
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

    /// <summary>Reads the first of its places that has a time.</summary>
    /// <returns>Value when it is plausible; Malformed when it is not, or is promised and not there; Absent otherwise.</returns>
    public ReadStatus TryRead(scoped ref Frame frame, DateTimeZone zone, out Instant at)
    {
        at = frame.ReceivedAt;
        long received = frame.ReceivedAt.ToUnixTimeTicks();
        bool found = false;
        long ticks = 0;
        if (Binary is { } binary)
        {
            found = binary.TryRead(frame.Body, out double number) && TryNumber(number, out ticks);
        }
        else
        {
            foreach (int slot in Slots)
            {
                if (frame.Slots[slot].HasValue && TrySlot(ref frame, frame.Slots[slot], zone, out ticks))
                {
                    found = true;
                    break;
                }
            }
        }

        if (!found)
            return Optional ? ReadStatus.Absent : ReadStatus.Malformed;
        if (ticks > received + MostAhead || (ticks < received - MostBehind && !(Past && ticks > 0)))
            return ReadStatus.Malformed;

        at = Instant.FromUnixTimeTicks(ticks);
        return ReadStatus.Value;
    }

    private bool TrySlot(scoped ref Frame frame, JsonSlot slot, DateTimeZone zone, out long ticks)
    {
        ticks = 0;
        ReadOnlySpan<byte> text = NumberText.Trim(slot.Of(frame.Payload));
        if (Form is TimeForm.EpochSeconds or TimeForm.EpochMilliseconds)
            return slot.Kind is SlotKind.Number or SlotKind.String && NumberText.TryParse(text, out double number) && TryNumber(number, out ticks);
        if (slot.Kind != SlotKind.String)
            return false;

        bool isLocal = !UtcZone;
        if (Form == TimeForm.Pattern ? !Pattern!.TryRead(text, out ticks) : !TimeText.TryIso(text, out ticks, out isLocal))
            return false;

        if (isLocal && !UtcZone)
            ticks = LocalTime.ToUtc(ticks, zone, frame.ReceivedAt);
        return true;
    }

    private bool TryNumber(double number, out long ticks) =>
        TimeText.TryEpoch(number, Form == TimeForm.EpochSeconds ? TimeText.TicksPerSecond : TimeText.TicksPerSecond / 1000, out ticks);
}
