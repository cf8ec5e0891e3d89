using System.Buffers;
using Ioc.Broker.Sessions;

namespace Ioc.Broker.Routing;

/// <summary>Finds who wants an accepted message and puts its place into their queues. Called inside the journal's batch, which is its only lock.</summary>
/// <remarks>So every queue is in the journal's order, and a snapshot taken inside a batch is of one moment.</remarks>
internal sealed class Router(SubscriptionTree subscriptions, RetainedStore retained, MessageTail tail)
{
    private readonly MatchSet _matches = new();
    private long _batch;

    /// <summary>A new batch begins: sessions that get something in it are named once.</summary>
    public void Begin() => _batch++;

    /// <summary>Routes one message.</summary>
    /// <param name="header">Of the message.</param>
    /// <param name="encodedHeader">The same, encoded.</param>
    /// <param name="payload">The message's bytes.</param>
    /// <param name="position">Where the journal has it.</param>
    /// <param name="receivedAtMs">When it came, Unix milliseconds.</param>
    /// <param name="publisher">Who sent it, or whose will it is; null when that session is over.</param>
    /// <param name="touched">Gets each session that was given something, once per batch.</param>
    public void Route(in PublishHeader header, ReadOnlySpan<byte> encodedHeader, in ReadOnlySequence<byte> payload, long position, long receivedAtMs, Session? publisher, List<Session> touched)
    {
        if (header.Retain)
            retained.Set(header, encodedHeader, payload, position, receivedAtMs);
        if (subscriptions.Count == 0)
            return;

        _matches.Start(publisher);
        subscriptions.Match(header.Topic, _matches);
        if (_matches.IsEmpty)
            return;

        long address = tail.Add(encodedHeader, payload, receivedAtMs);
        foreach (ref readonly Target target in _matches.Targets)
            Deliver(target, header, position, address, touched);
        foreach (ref readonly Target target in _matches.Shared)
            Deliver(target, header, position, address, touched);
    }

    private void Deliver(in Target target, in PublishHeader header, long position, long address, List<Session> touched)
    {
        Session session = target.Session;
        var delivery = new Delivery(position, address, (byte)Math.Min(target.Qos, header.Qos), header.Retain && target.RetainAsPublished)
        {
            SubscriptionIds = target.Identifiers,
            Group = target.Group,
        };
        if (!session.Outgoing.Enqueue(delivery) || session.TouchedBy == _batch)
            return;

        session.TouchedBy = _batch;
        touched.Add(session);
    }
}
