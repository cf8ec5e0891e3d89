using NodaTime;

namespace Ioc.Devices.Readings;

/// <summary>A device behind a gateway that is gone: offline at once, like the gateway itself.</summary>
/// <param name="Message">Index of the message that says so, in its batch.</param>
/// <param name="Device">Who is gone.</param>
public readonly record struct LostDevice(int Message, DeviceId Device);

/// <summary>One journaled message inside a <see cref="ReadingBatch"/>.</summary>
/// <param name="Offset">Its position in the journal.</param>
/// <param name="ReceivedAt">Arrival time; strictly increasing with the offset.</param>
/// <param name="Device">Who sent it; a concentrator's message also carries readings of other devices. <see cref="DeviceId.None"/> when unknown.</param>
/// <param name="Outcome">What the decoder made of it; a store may turn <see cref="MessageOutcome.Stored"/> into <see cref="MessageOutcome.Duplicate"/>.</param>
/// <param name="Reason">Set when quarantined.</param>
/// <param name="Detail">Names profile and field when quarantined; never payload content. Null otherwise.</param>
/// <param name="Availability">What it says about the device's connection.</param>
/// <param name="FirstReading">Index of its first reading in the batch.</param>
/// <param name="ReadingCount">How many readings it has.</param>
public readonly record struct BatchMessage(
    long Offset,
    Instant ReceivedAt,
    DeviceId Device,
    MessageOutcome Outcome,
    QuarantineReason Reason,
    string? Detail,
    Availability Availability,
    int FirstReading,
    int ReadingCount)
{
    /// <summary>Index of its first attribute in the batch.</summary>
    public int FirstAttribute { get; init; }

    /// <summary>How many facts about devices it told.</summary>
    public int AttributeCount { get; init; }

    /// <summary>Name of the profile that read it, or failed to; null when none was chosen.</summary>
    public string? Profile { get; init; }
}
