using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Twins;

/// <summary>The newest value of one series.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Channel">Which of several.</param>
/// <param name="Value">In the metric's unit, or a state's code.</param>
/// <param name="MeasuredAt">When it was measured.</param>
/// <param name="Quality">What to doubt about it.</param>
/// <param name="Offset">The message that brought it; −1 when it came back from the store at start.</param>
/// <param name="Kind">How values of the series follow one another: what the profile says, else the metric's own way.</param>
/// <param name="Counter">What it adds, when it is a counter's.</param>
public readonly record struct LatestReading(
    MetricId Metric, ChannelId Channel, double Value, Instant MeasuredAt, Quality Quality, long Offset, Semantics Kind = Semantics.Gauge, CounterStep Counter = default);

/// <summary>What became of one of a device's last messages.</summary>
/// <param name="Offset">Where the journal keeps its bytes.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Outcome">What the decoder made of it.</param>
/// <param name="Reason">Why, when it was set aside.</param>
public readonly record struct LastMessage(long Offset, Instant ReceivedAt, MessageOutcome Outcome, QuarantineReason Reason);

/// <summary>State of a device at one moment, without its values.</summary>
/// <param name="State">Whether it can be heard.</param>
/// <param name="LastSeen">Arrival of its newest message, or of the newest that carried its readings; null when never.</param>
/// <param name="Version">The store's version when the twin last changed; 0 when never.</param>
public readonly record struct TwinStatus(DeviceState State, Instant? LastSeen, long Version);

/// <summary>A consistent copy of one device's twin.</summary>
/// <param name="Device">Whose.</param>
/// <param name="Status">State, last seen and version.</param>
/// <param name="Latest">The newest value of every series, in the order in which the series appeared.</param>
public sealed record TwinView(DeviceId Device, TwinStatus Status, IReadOnlyList<LatestReading> Latest);

/// <summary>What is stored as the newest value of a series after stored values were replaced.</summary>
/// <param name="Device">Whose.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Channel">Which of several.</param>
/// <param name="Stored">The value and the message that brought it; null when none is left.</param>
public sealed record TwinCorrection(DeviceId Device, MetricId Metric, ChannelId Channel, LatestReading? Stored);
