using System.Buffers;
using System.Buffers.Binary;
using Ioc.Broker.Routing;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Sessions;

/// <summary>Plays the history of sessions again, from the journal. One thread, before the doors open.</summary>
internal sealed class SessionReplay(BrokerState broker)
{
    private readonly List<Session> _touched = [];

    /// <summary>A publish: kept if retained, put into the queues of sessions that want it, and held if its QoS 2 exchange is not over.</summary>
    public void Publish(long position, long receivedAtMs, ReadOnlySpan<byte> encodedHeader, ReadOnlySpan<byte> payload)
    {
        // What came from another broker concerns no session of ours.
        if (!PublishHeader.TryRead(encodedHeader, out PublishHeader header) || header.Upstream)
            return;

        // Only what a journaled session holds is released by an event: that of a volatile one ended with it.
        if (!header.Retain && !header.Held && broker.Subscriptions.Count == 0)
            return;

        Session? publisher = broker.Sessions.Find(header.ClientId);
        if (header.Held && publisher is not null)
            publisher.Incoming.Add(header.PacketId, position);
        if (!header.Retain && broker.Subscriptions.Count == 0)
            return;

        broker.Router.Begin();
        broker.Router.Route(header, encodedHeader, new ReadOnlySequence<byte>(payload.ToArray()), position, receivedAtMs, publisher, _touched);
        _touched.Clear();
    }

    public void Apply(long position, ReadOnlySpan<byte> bytes)
    {
        if (!SessionEvent.TryRead(bytes, out SessionEvent change))
            return;

        Session? session = broker.Sessions.Find(change.ClientId);
        if (change.Kind == SessionEventKind.Opened)
            Open(session, change);
        else if (session is not null)
            Apply(session, change);
    }

    public void Complete(long nowMs)
    {
        foreach (Session session in broker.Sessions.All)
        {
            session.DetachedAtMs ??= nowMs;
            if (session.ExpirySeconds == 0)
                Forget(session);
        }

        broker.Sessions.IsReplaying = false;
    }

    private void Open(Session? session, in SessionEvent change)
    {
        ReadOnlySpan<byte> body = change.Body;
        if (body.Length < 5)
            return;

        if (session is not null && body[0] == 1)
        {
            Forget(session);
            session = null;
        }

        uint expiry = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
        session ??= broker.Sessions.Restore(change.ClientId, body[5..], expiry);
        session.UserName = body[5..].ToArray();
        session.ExpirySeconds = expiry;
        session.DetachedAtMs = null;
        session.Will = null;
    }

    private void Apply(Session session, in SessionEvent change)
    {
        ReadOnlySpan<byte> body = change.Body;
        switch (change.Kind)
        {
            case SessionEventKind.Ended:
                Forget(session);
                break;
            case SessionEventKind.Detached when body.Length >= 12:
                Detach(session, body);
                break;
            case SessionEventKind.Subscribed when body.Length > 5:
                Subscribe(session, new SubscriptionOptions(body[0]), BinaryPrimitives.ReadUInt32LittleEndian(body[1..]), body[5..].ToArray());
                break;
            case SessionEventKind.Unsubscribed:
                broker.Sessions.Unsubscribe(session, body);
                break;
            case SessionEventKind.Sent:
                for (; body.Length >= 10; body = body[10..])
                    Send(session, BinaryPrimitives.ReadUInt16LittleEndian(body), BinaryPrimitives.ReadInt64LittleEndian(body[2..]));
                break;
            case SessionEventKind.WillSettled:
                session.Will = null;
                break;
            case var exchange when body.Length == 2:
                Lead(session, exchange, BinaryPrimitives.ReadUInt16LittleEndian(body));
                break;
        }
    }

    private static void Lead(Session session, SessionEventKind kind, ushort packetId)
    {
        switch (kind)
        {
            case SessionEventKind.Released:
                session.Incoming.Release(packetId);
                break;
            case SessionEventKind.Acknowledged:
                session.Outgoing.Acknowledge(packetId, InflightState.None);
                break;
            case SessionEventKind.Received:
                session.Outgoing.Receive(packetId);
                break;
        }
    }

    private static void Detach(Session session, ReadOnlySpan<byte> body)
    {
        session.DetachedAtMs = BinaryPrimitives.ReadInt64LittleEndian(body);
        session.ExpirySeconds = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        ReadOnlySpan<byte> will = body[12..];
        if (will.Length < 12 || BinaryPrimitives.ReadUInt32LittleEndian(will[8..]) is uint length && length > will.Length - 12)
            return;

        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(will[8..]);
        var message = new WillMessage(will.Slice(12, headerBytes).ToArray(), will[(12 + headerBytes)..].ToArray(), DelaySeconds: 0);
        session.Will = new PendingWill(message, BinaryPrimitives.ReadInt64LittleEndian(will));
    }

    private void Subscribe(Session session, SubscriptionOptions granted, uint identifier, byte[] filter)
    {
        bool known = session.IsSubscribed(filter);
        session.Subscribe(broker.Subscriptions, filter, granted, identifier);

        // What has expired since had not when the client subscribed, and may be in flight.
        RetainedAnswer.TrySend(filter, granted, identifier, known, session, broker.Retained, nowMs: long.MinValue);
    }

    // Through a shared subscription another member may have had it before.
    private void Send(Session session, ushort packetId, long position)
    {
        if (session.Outgoing.TryRemoveWaiting(position, group: null, out Delivery delivery) || TryTakeFromOthers(session, position, out delivery))
            session.Outgoing.RestoreInflight(packetId, delivery.Qos == 2 ? InflightState.AwaitsPubrec : InflightState.AwaitsPuback, delivery);
    }

    private bool TryTakeFromOthers(Session session, long position, out Delivery delivery)
    {
        foreach ((byte[] filter, _) in session.Subscriptions)
        {
            if (broker.Subscriptions.FindGroup(filter) is not { } group)
                continue;

            foreach (Subscriber member in group.Members)
            {
                // Only what came to it by this way: it may want the same message for itself.
                if (member.Session.Outgoing.TryRemoveWaiting(position, group, out delivery))
                    return true;
            }
        }

        delivery = default;
        return false;
    }

    // As the live end of a session, but nothing is journaled: it is there already.
    private void Forget(Session session)
    {
        session.IsJournaled = false;
        broker.Sessions.End(session);
    }
}
