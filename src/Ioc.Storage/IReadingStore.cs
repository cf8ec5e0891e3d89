using Ioc.Devices.Readings;

namespace Ioc.Storage;

/// <summary>Keeps readings and answers questions about them. Two stores implement it: DuckDB and InfluxDB.</summary>
/// <remarks>
/// <see cref="IReadingConsumer.ConsumeAsync"/> copies a batch and returns; the store commits copies in groups, rows and cursor together.
/// <see cref="IReadingConsumer.NextOffset"/> is therefore what was taken, <see cref="Balance"/> what is safe. When commits fail, the store
/// keeps its group, retries with a growing delay, tells why in <see cref="Fault"/>, and lets <c>ConsumeAsync</c> wait once the next group is full.
/// Reading may happen beside writing, from any thread, and sees committed rows only. Disposing commits what was taken, if that can still be done.
/// </remarks>
public interface IReadingStore : IReadingConsumer, IAsyncDisposable
{
    /// <summary>Durable outcome counts and the cursor they belong to, one immutable snapshot.</summary>
    BalanceCounts Balance { get; }

    /// <summary>Why the store cannot write at present, in words for an operator; null when it can.</summary>
    string? Fault { get; }

    /// <summary>Opens or creates the store and sets cursor and balance from it. Called once, before anything else.</summary>
    /// <exception cref="StorageException">The store cannot be opened; the message names it and why.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Completes when everything taken so far is durable.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Answers one page of readings or buckets, in order of time.</summary>
    /// <exception cref="BadCursorException">The cursor was not given out by this store.</exception>
    Task<ReadingPage> ReadAsync(ReadingQuery query, CancellationToken cancellationToken);

    /// <summary>The newest reading of every series of known devices and metrics, back-fill left out: what the twins start from.</summary>
    Task<IReadOnlyList<Reading>> ReadLatestAsync(CancellationToken cancellationToken);
}
