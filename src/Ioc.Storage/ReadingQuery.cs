using Ioc.Devices.Counters;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Storage;

/// <summary>Width of a bucket.</summary>
public enum Bucket
{
    /// <summary>One minute.</summary>
    M1,

    /// <summary>A quarter of an hour, from the full hour.</summary>
    M15,

    /// <summary>One hour.</summary>
    H1,

    /// <summary>One local day (Asia/Ho_Chi_Minh).</summary>
    D1,
}

/// <summary>How the readings of a bucket become one value.</summary>
public enum Aggregate
{
    /// <summary>Arithmetic mean.</summary>
    Mean,

    /// <summary>Smallest value.</summary>
    Min,

    /// <summary>Largest value.</summary>
    Max,

    /// <summary>Sum: right for deltas, meaningless for counters; what is asked for is what is given.</summary>
    Sum,

    /// <summary>How many readings.</summary>
    Count,

    /// <summary>The newest value.</summary>
    Last,

    /// <summary>The oldest value.</summary>
    First,
}

/// <summary>A question about one metric of one device.</summary>
/// <param name="Device">Whose readings.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Channel">Only this channel; null for all, each for itself.</param>
/// <param name="From">First instant included.</param>
/// <param name="To">First instant left out.</param>
/// <param name="Every">Bucket width; null for the readings themselves.</param>
/// <param name="Aggregate">Used with <paramref name="Every"/> only.</param>
/// <param name="Limit">Most items on the page, at least 1.</param>
/// <param name="Cursor">Where the last page ended (<see cref="ReadingPage.Next"/>); null for the first.</param>
/// <param name="Counter">How the register behaves, to have each bucket say what was counted in it; null when the metric is no counter.</param>
public sealed record ReadingQuery(
    DeviceId Device,
    MetricId Metric,
    ChannelId? Channel,
    Instant From,
    Instant To,
    Bucket? Every = null,
    Aggregate Aggregate = Aggregate.Mean,
    int Limit = 100,
    string? Cursor = null,
    SeriesRule? Counter = null);

/// <summary>One page of an answer.</summary>
/// <param name="Items">In order of time.</param>
/// <param name="Next">Cursor of the next page; null when this is the last.</param>
public sealed record ReadingPage(IReadOnlyList<StoredReading> Items, string? Next);

/// <summary>A reading, or a bucket, as stored.</summary>
/// <param name="At">Measurement time; for a bucket its start.</param>
/// <param name="Channel">Which of several.</param>
/// <param name="Value">In the metric's canonical unit; a count for <see cref="Aggregate.Count"/>.</param>
/// <param name="Quality">Doubts; for a bucket those of all its readings together.</param>
/// <param name="Counted">What a counter's bucket counted; null when that is not known, or was not asked for.</param>
public readonly record struct StoredReading(Instant At, ChannelId Channel, double Value, Quality Quality, CountedSpan? Counted = null);

/// <summary>What a register counted in a bucket, wraps and restarts included.</summary>
/// <param name="Sum">
/// Sum of the steps that end in the bucket, from the last reading before it on; null when no step is known: the register's first reading,
/// or another meter.
/// </param>
/// <param name="First">Where the register stood at the bucket's first reading.</param>
/// <param name="Last">Where it stood at its last.</param>
public readonly record struct CountedSpan(double? Sum, double First, double Last);
