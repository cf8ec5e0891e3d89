using System.Buffers;

namespace Ioc.Broker;

/// <summary>Where accepted messages go to be kept. The broker asks, the server implements it over its journal.</summary>
/// <remarks>
/// Called from many connections at once. A connection calls <see cref="BeginBatch"/>, any number of
/// <see cref="TryAccept"/> and <see cref="EndBatch"/> on one thread and without awaiting, once per read.
/// </remarks>
public interface IPublishHandler
{
    /// <summary>Opens a run of <see cref="TryAccept"/> calls; a lock may be held until <see cref="EndBatch"/>.</summary>
    void BeginBatch();

    /// <summary>Closes the run.</summary>
    void EndBatch();

    /// <summary>Takes one message, copying what it keeps: both arguments are dead after the call.</summary>
    /// <param name="header">As <see cref="PublishHeader"/> lays it out.</param>
    /// <param name="payload">The message's bytes, as received.</param>
    /// <param name="position">Where it was put; grows with every message accepted.</param>
    AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position);

    /// <summary>Every position below this one is durable.</summary>
    long DurablePosition { get; }

    /// <summary>Completes when <see cref="DurablePosition"/> exceeds <paramref name="position"/>.</summary>
    /// <exception cref="Exception">That can never be; the messages waiting for it are not acknowledged.</exception>
    ValueTask WaitForDurableAsync(long position, CancellationToken cancellation);
}

/// <summary>What became of a message that was offered.</summary>
public enum AcceptOutcome
{
    /// <summary>Taken; acknowledged once its position is durable.</summary>
    Accepted,

    /// <summary>The byte budget is met by messages nobody has read yet. The sender is told or paused.</summary>
    QuotaExceeded,

    /// <summary>The store is broken or its disk is full. The sender is told or paused.</summary>
    Unavailable,
}
