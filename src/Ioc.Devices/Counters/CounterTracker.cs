using System.Runtime.InteropServices;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;

namespace Ioc.Devices.Counters;

/// <summary>Follows every register from reading to reading: device, metric and channel name one.</summary>
/// <remarks>
/// Touched only by its owner's writer. Fed in journal order; a reading that is not later than the last of its register changes nothing, so
/// batches may come twice. Bounded by <paramref name="maxSeries"/>: registers beyond it are not followed, and counted. It forgets with the
/// process; its owner feeds it the newest stored readings at start, and what was counted since follows from them.
/// </remarks>
/// <param name="metrics">Says what is a counter where the profile does not.</param>
/// <param name="maxSeries">Most registers followed; about 80 bytes each.</param>
public sealed class CounterTracker(MetricCatalogue metrics, int maxSeries)
{
    private readonly Dictionary<(DeviceId Device, MetricId Metric, ChannelId Channel), CounterState> _registers = [];

    /// <summary>Readings of registers that were one too many.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>Takes a reading.</summary>
    /// <param name="reading">The reading; one that is no counter's, and back-fill, say nothing.</param>
    /// <param name="rule">What its profile says; null when it says nothing.</param>
    /// <param name="mark">Since when the register counts, as the message says it.</param>
    public CounterStep Take(in Reading reading, SeriesRule? rule, ResetMark mark)
    {
        rule ??= metrics[reading.Metric].Semantics == Semantics.Counter ? SeriesRule.PlainCounter : null;
        if (rule is not { Kind: Semantics.Counter } || (reading.Quality & Quality.Historical) != 0)
            return default;

        var key = (reading.Device, reading.Metric, reading.Channel);
        if (_registers.Count >= maxSeries && !_registers.ContainsKey(key))
        {
            DroppedCount++;
            return default;
        }

        ref CounterState register = ref CollectionsMarshal.GetValueRefOrAddDefault(_registers, key, out _);
        return register.Take(reading.Value, reading.MeasuredAt, reading.Quality, rule, mark);
    }
}
