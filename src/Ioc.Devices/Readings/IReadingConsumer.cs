namespace Ioc.Devices.Readings;

/// <summary>One of those who give readings a meaning: the store, the twins, the alarms.</summary>
/// <remarks>
/// Batches arrive one at a time and in offset order, but a batch may come again, whole or in part: a consumer passes over every
/// message below its own <see cref="NextOffset"/>.
/// </remarks>
public interface IReadingConsumer
{
    /// <summary>Short stable name: key of its cursor, label of its metrics.</summary>
    string Name { get; }

    /// <summary>The first journal offset not consumed yet. After a restart, the last durable one.</summary>
    long NextOffset { get; }

    /// <summary>Takes a batch.</summary>
    /// <param name="batch">Owned by the caller again when the call completes.</param>
    /// <param name="stopping">Ends waiting for a resource; what was not consumed comes again after a restart.</param>
    ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping);
}
