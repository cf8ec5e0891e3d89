using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Alarms.Conditions;

/// <summary>What a value or the passing of time did to a condition.</summary>
internal enum Transition : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It began to hold, delay included.</summary>
    Rose,

    /// <summary>It ended, delay included.</summary>
    Returned,
}

/// <summary>A value as a condition sees it.</summary>
/// <param name="Value">In the metric's unit.</param>
/// <param name="MeasuredAt">Device time.</param>
/// <param name="SeenAt">Our clock when we looked at it. Not its arrival: while a backlog is read, delays must not run out at once.</param>
/// <param name="Offset">The message it came in.</param>
internal readonly record struct Sample(double Value, Instant MeasuredAt, Instant SeenAt, long Offset);

/// <summary>One series watched by one rule: whether its condition holds, with delays and deadband. Knows nothing of alarms' lives.</summary>
internal sealed class Condition(int rule, DeviceId device, MetricId metric, ChannelId channel)
{
    private bool _changing;
    private Instant _changingSinceMeasured;
    private Instant _changingSinceSeen;

    public int Rule { get; } = rule;

    public DeviceId Device { get; } = device;

    /// <summary>What is watched; zero for the device's state.</summary>
    public MetricId Metric { get; } = metric;

    public ChannelId Channel { get; } = channel;

    /// <summary>Whether it holds, delays included.</summary>
    public bool Holds { get; private set; }

    /// <summary>Whether a delay is running.</summary>
    public bool Changing => _changing;

    /// <summary>The newest value evaluated.</summary>
    public Sample Last { get; private set; } = new(double.NaN, Instant.MinValue, Instant.MinValue, -1);

    /// <summary>The open alarm of this condition; null when there is none.</summary>
    public AlarmCase? Case { get; set; }

    /// <summary>Brings back a condition whose alarm was open before a restart.</summary>
    public void Restore(bool holds, in Sample last)
    {
        Holds = holds;
        Last = last;
    }

    /// <summary>Takes a value; one older than the last is passed over.</summary>
    public Transition Take(in Sample sample, BoundRule rule)
    {
        if (sample.MeasuredAt < Last.MeasuredAt)
            return Transition.None;

        Last = sample;
        bool holds = Holds ? !rule.IsBack(sample.Value) : rule.IsMet(sample.Value);
        if (holds == Holds)
        {
            _changing = false;
            return Transition.None;
        }

        if (!_changing)
        {
            _changing = true;
            _changingSinceMeasured = sample.MeasuredAt;
            _changingSinceSeen = sample.SeenAt;
        }

        // Device time counts when a device hands in what it gathered; our time when its clock stands still.
        Duration delay = DelayOf(rule);
        return sample.MeasuredAt - _changingSinceMeasured >= delay || sample.SeenAt - _changingSinceSeen >= delay ? Change() : Transition.None;
    }

    /// <summary>Lets time pass without a new value.</summary>
    public Transition Tick(Instant now, BoundRule rule) =>
        _changing && now - _changingSinceSeen >= DelayOf(rule) ? Change() : Transition.None;

    /// <summary>Ends it without a value: its rule is no longer in force.</summary>
    public void Clear()
    {
        Holds = false;
        _changing = false;
    }

    /// <summary>Takes back a rise for which there is no room, so that the next value tries again.</summary>
    public void Refuse() => Clear();

    private Duration DelayOf(BoundRule rule) => Holds ? rule.Rule.OffDelay : rule.Rule.OnDelay;

    private Transition Change()
    {
        _changing = false;
        Holds = !Holds;
        return Holds ? Transition.Rose : Transition.Returned;
    }
}
