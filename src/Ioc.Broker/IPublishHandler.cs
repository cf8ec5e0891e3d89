using System.Buffers;

namespace Ioc.Broker;

/// <summary>Where accepted messages go to be kept, and where they are read again. The broker asks, the server implements it over its journal.</summary>
/// <remarks>
/// Called from many connections at once. A connection calls <see cref="BeginBatch"/>, any number of <see cref="TryAccept"/> and
/// <see cref="TryAcceptEvent"/>, and <see cref="EndBatch"/> on one thread and without awaiting, once per read. A batch excludes every
/// other: whatever the broker changes inside one happens in the order of the journal.
/// </remarks>
public interface IPublishHandler
{
    /// <summary>Opens a run of <see cref="TryAccept"/> calls; a lock is held until <see cref="EndBatch"/>.</summary>
    void BeginBatch();

    /// <summary>Closes the run.</summary>
    void EndBatch();

    /// <summary>Takes one message, copying what it keeps: both arguments are dead after the call.</summary>
    /// <param name="header">As <see cref="PublishHeader"/> lays it out.</param>
    /// <param name="payload">The message's bytes, as received.</param>
    /// <param name="position">Where it was put; grows with every message and event accepted.</param>
    AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position);

    /// <summary>Takes a change of a session that must survive a restart, in the same order as the messages.</summary>
    /// <param name="sessionEvent">Opaque; comes back through <see cref="BrokerRecovery.ReplayEvent"/>.</param>
    /// <param name="position">Where it was put.</param>
    AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position);

    /// <summary>The position that the next message or event gets. Steady only within a batch.</summary>
    long NextPosition { get; }

    /// <summary>Every position below this one is durable.</summary>
    long DurablePosition { get; }

    /// <summary>Completes when <see cref="DurablePosition"/> exceeds <paramref name="position"/>.</summary>
    /// <exception cref="Exception">That can never be; the messages waiting for it are not acknowledged.</exception>
    ValueTask WaitForDurableAsync(long position, CancellationToken cancellation);

    /// <summary>Reads messages again, for receivers that are slow or were away. Those no longer kept are passed over.</summary>
    /// <param name="positions">Ascending.</param>
    /// <param name="visitor">Sees each message found, in that order.</param>
    void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor);
}

/// <summary>Sees messages as they are read again.</summary>
public interface IKeptMessageVisitor
{
    /// <summary>Shows one message; the spans are dead after the call.</summary>
    /// <param name="index">Which of the positions asked for.</param>
    /// <param name="receivedAtMs">When it was accepted, Unix milliseconds.</param>
    /// <param name="header">As <see cref="PublishHeader"/> lays it out.</param>
    /// <param name="payload">The message's bytes.</param>
    void Visit(int index, long receivedAtMs, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload);
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
