using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>Where an alarm stands in its life, after ISA-18.2.</summary>
public enum AlarmState : byte
{
    /// <summary>The condition holds and nobody has taken note.</summary>
    ActiveUnacknowledged,

    /// <summary>The condition holds and somebody has taken note.</summary>
    ActiveAcknowledged,

    /// <summary>The condition is over, but nobody has taken note that it was there.</summary>
    ReturnedUnacknowledged,

    /// <summary>Over and taken note of: closed, kept as history.</summary>
    Normal,
}

/// <summary>One condition that went wrong, from its first rise until it is over and acknowledged. Immutable; each change is a new record.</summary>
/// <remarks>Carries lasting names, not handles, so that it can be stored and shown after its device or rule has gone.</remarks>
public sealed record Alarm
{
    /// <summary>Rises with each new alarm, over restarts too.</summary>
    public required long Id { get; init; }

    /// <summary>The rule that raised it.</summary>
    public required string RuleId { get; init; }

    /// <summary>API id of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Name of the metric; null for a rule over the device's state.</summary>
    public string? Metric { get; init; }

    /// <summary>Name of the channel; empty where the device has only one.</summary>
    public string Channel { get; init; } = "";

    /// <summary>1 critical, 2 high, 3 medium, 4 low.</summary>
    public required int Priority { get; init; }

    /// <summary>Where it stands.</summary>
    public required AlarmState State { get; init; }

    /// <summary>When the condition had first held for its delay: device time of the value that showed it, or our time when the delay ran out without one.</summary>
    public required Instant RaisedAt { get; init; }

    /// <summary>When somebody took note; null while nobody has.</summary>
    public Instant? AcknowledgedAt { get; init; }

    /// <summary>Who took note.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>What they wrote.</summary>
    public string? Comment { get; init; }

    /// <summary>When the condition was last over, as <see cref="RaisedAt"/> is counted; null while it holds.</summary>
    public Instant? ReturnedAt { get; init; }

    /// <summary>The value at its last change, in the metric's unit; null for a rule over the device's state.</summary>
    public double? Value { get; init; }

    /// <summary>When <see cref="Value"/> was measured.</summary>
    public required Instant ValueAt { get; init; }

    /// <summary>The value that raised it.</summary>
    public double? RaisedValue { get; init; }

    /// <summary>The limit that was met; null for a rule over the device's state.</summary>
    public double? Limit { get; init; }

    /// <summary>How value and limit compare: <c>above</c>, <c>below</c>, <c>is</c>; or the state: <c>offline</c>.</summary>
    public required string Condition { get; init; }

    /// <summary>The message in Vietnamese, as of the last rise.</summary>
    public required string MessageVi { get; init; }

    /// <summary>The message in English, as of the last rise.</summary>
    public required string MessageEn { get; init; }

    /// <summary>How many times the condition rose before the alarm was closed.</summary>
    public required int Count { get; init; }

    /// <summary>1 at first, one more with every change; who acknowledges says which version they saw.</summary>
    public required int Version { get; init; }

    /// <summary>Journal offset of the message behind the last change of the condition; −1 where there is none.</summary>
    public required long Offset { get; init; }

    /// <summary>Whether it still belongs on the operators' list.</summary>
    public bool IsOpen => State != AlarmState.Normal;
}
