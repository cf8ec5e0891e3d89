using System.Buffers;
using Ioc.Broker.Sessions;

namespace Ioc.Broker;

/// <summary>Brings sessions and retained messages back after a restart: a snapshot, then everything the journal holds behind it, in order.</summary>
/// <remarks>
/// Before the doors open, on one thread: <see cref="TryRestoreSnapshot"/> at most once, <see cref="ReplayPublish"/> and
/// <see cref="ReplayEvent"/> for each record from the snapshot's position on, then <see cref="Complete"/>. Afterwards
/// <see cref="TakeSnapshot"/> may be called at any time.
/// </remarks>
public sealed class BrokerRecovery
{
    private readonly BrokerState _broker;
    private readonly SessionReplay _replay;

    internal BrokerRecovery(BrokerState broker)
    {
        _broker = broker;
        _replay = new SessionReplay(broker);
    }

    /// <summary>Grows with every change that a snapshot would show: session changes and retained messages.</summary>
    public long Version => _broker.Sessions.Version + _broker.Retained.Version;

    /// <summary>Sessions brought back, or known now.</summary>
    public int SessionCount => _broker.Sessions.Count;

    /// <summary>Retained messages brought back, or known now.</summary>
    public int RetainedCount => _broker.Retained.Count;

    /// <summary>Puts a snapshot back.</summary>
    /// <returns>False when it is of another layout or not whole: nothing was changed then, and the replay begins at the journal's first record.</returns>
    public bool TryRestoreSnapshot(ReadOnlySpan<byte> snapshot)
    {
        _broker.Sessions.IsReplaying = true;
        return SessionSnapshot.TryRead(snapshot, _broker);
    }

    /// <summary>Applies a journaled publish.</summary>
    /// <param name="position">Of its record.</param>
    /// <param name="receivedAtMs">Unix milliseconds.</param>
    /// <param name="header">As <see cref="PublishHeader"/> lays it out; anything else is passed over.</param>
    /// <param name="payload">The message's bytes.</param>
    public void ReplayPublish(long position, long receivedAtMs, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        _broker.Sessions.IsReplaying = true;
        _replay.Publish(position, receivedAtMs, header, payload);
    }

    /// <summary>Applies a session event, as it was given to <see cref="IPublishHandler.TryAcceptEvent"/>. One of a newer layout is passed over.</summary>
    public void ReplayEvent(long position, ReadOnlySpan<byte> sessionEvent)
    {
        _broker.Sessions.IsReplaying = true;
        _replay.Apply(position, sessionEvent);
    }

    /// <summary>The replay is over: whoever was connected when the server ended is away from now on.</summary>
    public void Complete() => _replay.Complete(_broker.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Writes down all sessions that outlive their connection and all retained messages, as of one moment.</summary>
    /// <returns>The first position that the snapshot does not know. It is good only once everything below is durable.</returns>
    public long TakeSnapshot(IBufferWriter<byte> into) => SessionSnapshot.Write(into, _broker);
}
