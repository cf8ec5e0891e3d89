using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using NodaTime;

namespace Ioc.Alarms.Rules;

/// <summary>How a value meets a limit.</summary>
public enum Comparison : byte
{
    /// <summary>At the limit or above it; back when below limit − deadband.</summary>
    Above,

    /// <summary>At the limit or below it; back when above limit + deadband.</summary>
    Below,

    /// <summary>Equal to a code or to true or false; back when not.</summary>
    Is,

    /// <summary>The device is in a state; back when it is in another.</summary>
    State,
}

/// <summary>One rule as a person wrote it, checked. A threshold that changes on a date is two rules of one id with dates.</summary>
public sealed record AlarmRule
{
    /// <summary>Stable id; stands in every alarm it raises.</summary>
    public required string Id { get; init; }

    /// <summary>What is watched; null when <see cref="Comparison"/> is <see cref="Rules.Comparison.State"/>.</summary>
    public Metric? Metric { get; init; }

    /// <summary>How value and limit compare.</summary>
    public required Comparison Comparison { get; init; }

    /// <summary>The limit in the metric's unit, or the code; null when a parameter of the device has it.</summary>
    public double? Limit { get; init; }

    /// <summary>Name of the device parameter that has the limit; the rule passes over devices without it.</summary>
    public string? LimitParameter { get; init; }

    /// <summary>The state, when <see cref="Comparison"/> is <see cref="Rules.Comparison.State"/>.</summary>
    public DeviceState State { get; init; }

    /// <summary>How far inside the limit a value must be to count as back, in the metric's unit.</summary>
    public double Deadband { get; init; }

    /// <summary>How long the condition must hold before the alarm rises.</summary>
    public Duration OnDelay { get; init; }

    /// <summary>How long the condition must be over before the alarm returns.</summary>
    public Duration OffDelay { get; init; }

    /// <summary>1 critical, 2 high, 3 medium, 4 low.</summary>
    public required int Priority { get; init; }

    /// <summary>Which devices.</summary>
    public required RuleSelector Selector { get; init; }

    /// <summary>Only these channels; empty for all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>First day on which it is in force; null for always.</summary>
    public LocalDate? ValidFrom { get; init; }

    /// <summary>Last day; null for no end.</summary>
    public LocalDate? ValidTo { get; init; }

    /// <summary>What operators read.</summary>
    public required MessageTemplate Message { get; init; }

    /// <summary>The word that alarms carry for the condition.</summary>
    public string ConditionWord => Comparison switch
    {
        Comparison.Above => "above",
        Comparison.Below => "below",
        Comparison.Is => "is",
        _ => State == DeviceState.Offline ? "offline" : "stale",
    };

    /// <summary>The limit that holds for a device; null when the device lacks the parameter, or it is no number.</summary>
    public double? LimitFor(Device device)
    {
        if (LimitParameter is null)
            return Limit ?? 1;

        return device.Parameters.TryGetValue(LimitParameter, out string? text) && Ioc.Devices.Files.YamlMap.TryNumber(text, out double limit) ? limit : null;
    }
}
