using NodaTime;

namespace Ioc.Devices.Readings;

/// <summary>One value measured by one device at one instant.</summary>
/// <param name="Device">Who measured.</param>
/// <param name="Metric">What was measured; the metric fixes unit, type and semantics.</param>
/// <param name="Channel">Which of several: phase, lane, port. Zero where there is one.</param>
/// <param name="Value">In the metric's canonical unit, never the device's own; a state's code; 0 or 1. NaN is never stored.</param>
/// <param name="MeasuredAt">The device's clock if the payload carries a plausible one, else arrival time (and <see cref="Quality.Clock"/> where the firmware promises a clock).</param>
/// <param name="Quality">What to doubt about this reading.</param>
public readonly record struct Reading(DeviceId Device, MetricId Metric, ChannelId Channel, double Value, Instant MeasuredAt, Quality Quality);
