using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Profiles.Tracing;

/// <summary>Whose clock stamped a reading.</summary>
public enum TimeSource : byte
{
    /// <summary>Ours, at arrival.</summary>
    Receive,

    /// <summary>The network server's, in the envelope around the body.</summary>
    Envelope,

    /// <summary>The device's own.</summary>
    Payload,
}

/// <summary>Why a field gave no value.</summary>
public enum AbsentReason
{
    /// <summary>It is not in the message.</summary>
    Missing,

    /// <summary>It is there and says null.</summary>
    Null,

    /// <summary>It is there and is no number.</summary>
    Nan,

    /// <summary>It has a value by which the firmware says that there is none.</summary>
    Sentinel,

    /// <summary>A condition of the profile does not hold.</summary>
    Condition,

    /// <summary>It is there, but cannot be read as the profile says: another kind of member, a word that its map lacks.</summary>
    Unreadable,

    /// <summary>Outside a range whose profile says to drop it.</summary>
    OutOfRange,

    /// <summary>A retained copy without a time of its own is no new measurement.</summary>
    RetainedCopy,
}

/// <summary>One field on its way from the message to a reading.</summary>
public sealed record FieldStep
{
    /// <summary>Place of its reading among those of the message; −1 when it gave none: it only serves others, or is absent.</summary>
    public int Reading { get; internal set; } = -1;

    /// <summary>What it measures; null when it only serves expressions or flags.</summary>
    public MetricId? Metric { get; internal init; }

    /// <summary>Its name for expressions; null when it has none.</summary>
    public string? Name { get; internal init; }

    /// <summary>Which of several; empty for the only one.</summary>
    public ChannelId Channel { get; internal set; }

    /// <summary>Where it comes from, as the profile writes it: <c>ENERGY.Power</c>, <c>byte 3, u16</c>, <c>{phase}</c>.</summary>
    public required string Place { get; init; }

    /// <summary>File and line of the field.</summary>
    public required string WrittenAt { get; init; }

    /// <summary>What stood there: a token, or bytes in hexadecimal; cut at <see cref="MaxRawChars"/>. Null for what is computed.</summary>
    public string? Raw { get; internal init; }

    /// <summary>What the token says, before scale and offset; null when absent.</summary>
    public double? Number { get; internal init; }

    /// <summary>After them, in <see cref="Unit"/>; null when absent.</summary>
    public double? Scaled { get; internal init; }

    /// <summary>The device's unit as the profile says it; null where it says none.</summary>
    public string? Unit { get; internal init; }

    /// <summary>In the metric's unit, as stored; null when absent, or when nothing is stored.</summary>
    public double? Canonical { get; internal set; }

    /// <summary>Doubts about it, range and marks included.</summary>
    public Quality Quality { get; internal set; }

    /// <summary>When it was measured; null when it gave no reading.</summary>
    public Instant? At { get; internal set; }

    /// <summary>Whose clock says so.</summary>
    public TimeSource TimeSource { get; internal set; }

    /// <summary>Why there is no value; null when there is one.</summary>
    public AbsentReason? Absent { get; internal set; }

    /// <summary>Longest raw token kept.</summary>
    public const int MaxRawChars = 96;
}
