using System.Buffers;
using Ioc.Broker.Sessions;

namespace Ioc.Broker.Routing;

/// <summary>Deliveries that arise while a batch is being accepted, handed over after it: the journal's lock is not held while subscribers' queues are touched.</summary>
/// <remarks>Owned by one connection's read loop; not thread-safe. Bounded by what one read holds.</remarks>
internal sealed class DeliveryBatch(SubscriptionTree subscriptions)
{
    private readonly List<(Session Session, Delivery Delivery)> _pending = [];
    private readonly MatchSet _matches = new();

    /// <summary>Finds the receivers of a message; nothing is allocated when there are none.</summary>
    public void Add(in PublishHeader header, in ReadOnlySequence<byte> payload, Session? publisher)
    {
        if (subscriptions.Count == 0)
            return;

        _matches.Start(publisher);
        subscriptions.Match(header.Topic, _matches);
        if (_matches.Targets.IsEmpty)
            return;

        var message = new Message(header, payload);
        foreach (Target target in _matches.Targets)
            _pending.Add((target.Session, new Delivery(message, Math.Min(target.Qos, message.Qos), message.Retain && target.RetainAsPublished)));
    }

    /// <summary>Puts what was found into the receivers' queues.</summary>
    public void Flush()
    {
        if (_pending.Count == 0)
            return;

        foreach ((Session session, Delivery delivery) in _pending)
            session.Outgoing.Enqueue(delivery);
        foreach ((Session session, _) in _pending)
            session.Wake();
        _pending.Clear();
    }
}
