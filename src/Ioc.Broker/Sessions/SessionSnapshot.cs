using System.Buffers;
using Ioc.Broker.Routing;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Sessions;

/// <summary>All journaled sessions and all retained messages of one moment, as bytes.</summary>
/// <remarks>
/// Layout version (1), then counted: retained messages (header, payload, position, received-at); sessions (see <see cref="Write(SnapshotWriter, Session)"/>).
/// Sessions are written inside a batch, so that nothing moves meanwhile; retained messages never change and only their list is taken there.
/// </remarks>
internal static class SessionSnapshot
{
    private const byte Layout = 1;
    private const byte RetainFlag = 0x10;
    private const byte AnswerFlag = 0x20;
    private const byte QosMask = 0x03;
    private const long None = -1;

    /// <summary>Writes a snapshot; returns the first position it does not know.</summary>
    public static long Write(IBufferWriter<byte> into, BrokerState broker)
    {
        var output = new SnapshotWriter(into);
        broker.Handler.BeginBatch();
        long position;
        List<RetainedMessage> retained;
        try
        {
            position = broker.Handler.NextPosition;
            retained = broker.Retained.All();
            output.Byte(Layout);
            Session[] sessions = [.. broker.Sessions.All.Where(session => session.IsJournaled)];
            output.UInt32((uint)sessions.Length);
            foreach (Session session in sessions)
                Write(output, session);
        }
        finally
        {
            broker.Handler.EndBatch();
        }

        output.UInt32((uint)retained.Count);
        foreach (RetainedMessage message in retained)
        {
            output.Bytes(message.Header);
            output.Bytes(message.Payload);
            output.Int64(message.Position);
            output.Int64(message.ReceivedAtMs);
        }

        return position;
    }

    /// <summary>Puts a snapshot back; false when it is of another layout.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, BrokerState broker)
    {
        if (bytes.IsEmpty || bytes[0] != Layout)
            return false;

        var input = new SnapshotReader(bytes[1..]);
        for (uint left = input.UInt32(); left > 0; left--)
            ReadSession(ref input, broker);
        for (uint left = input.UInt32(); left > 0; left--)
            ReadRetained(ref input, broker);
        return true;
    }

    private static void ReadRetained(ref SnapshotReader input, BrokerState broker)
    {
        byte[] header = input.Bytes();
        byte[] payload = input.Bytes();
        long position = input.Int64();
        long receivedAtMs = input.Int64();
        if (PublishHeader.TryRead(header, out PublishHeader publish))
            broker.Retained.Set(publish, header, new ReadOnlySequence<byte>(payload), position, receivedAtMs);
    }

    private static void Write(SnapshotWriter output, Session session)
    {
        output.Bytes(session.ClientId.Span);
        output.Bytes(session.UserName.Span);
        output.UInt32(session.ExpirySeconds);
        output.Int64(session.DetachedAtMs ?? None);
        output.Int64(session.Will?.DueAtMs ?? None);
        if (session.Will is { } will)
        {
            output.Bytes(will.Message.Header);
            output.Bytes(will.Message.Payload);
        }

        output.UInt32((uint)session.SubscriptionCount);
        foreach ((byte[] filter, Subscription subscription) in session.Subscriptions)
        {
            output.Bytes(filter);
            output.Byte(subscription.Options.Encoded);
            output.UInt32(subscription.Identifiers?[0] ?? 0);
        }

        output.UInt32((uint)session.Incoming.Count);
        foreach ((ushort packetId, long position) in session.Incoming.All)
        {
            output.UInt16(packetId);
            output.Int64(position);
        }

        Write(output, session.Outgoing);
    }

    private static void Write(SnapshotWriter output, OutgoingQueue outgoing)
    {
        var inflight = new List<(ushort, InflightState, Delivery)>();
        var waiting = new List<(Delivery, bool)>();
        outgoing.Save((id, state, delivery) => inflight.Add((id, state, delivery)), (delivery, isAnswer) => waiting.Add((delivery, isAnswer)));

        output.UInt32((uint)inflight.Count);
        foreach ((ushort id, InflightState state, Delivery delivery) in inflight)
        {
            output.UInt16(id);
            output.Byte((byte)state);
            Write(output, delivery, isAnswer: false);
        }

        output.UInt32((uint)waiting.Count);
        foreach ((Delivery delivery, bool isAnswer) in waiting)
            Write(output, delivery, isAnswer);
    }

    private static void Write(SnapshotWriter output, in Delivery delivery, bool isAnswer)
    {
        output.Int64(delivery.Position);
        output.Byte((byte)(delivery.Qos | (delivery.Retain ? RetainFlag : 0) | (isAnswer ? AnswerFlag : 0)));
        output.Bytes(delivery.Group?.Filter ?? []);
        output.Byte((byte)(delivery.SubscriptionIds?.Length ?? 0));
        foreach (uint identifier in delivery.SubscriptionIds.AsSpan(0, Math.Min(delivery.SubscriptionIds?.Length ?? 0, byte.MaxValue)))
            output.UInt32(identifier);
    }

    private static void ReadSession(ref SnapshotReader input, BrokerState broker)
    {
        Session session = broker.Sessions.Restore(input.Bytes(), input.Bytes(), input.UInt32());
        long detached = input.Int64();
        session.DetachedAtMs = detached == None ? null : detached;
        long due = input.Int64();
        if (due != None)
            session.Will = new PendingWill(new WillMessage(input.Bytes(), input.Bytes(), DelaySeconds: 0), due);

        for (uint left = input.UInt32(); left > 0; left--)
        {
            byte[] filter = input.Bytes();
            session.Subscribe(broker.Subscriptions, filter, new SubscriptionOptions(input.Byte()), input.UInt32());
        }

        for (uint left = input.UInt32(); left > 0; left--)
            session.Incoming.Add(input.UInt16(), input.Int64());

        for (uint left = input.UInt32(); left > 0; left--)
        {
            ushort id = input.UInt16();
            var state = (InflightState)input.Byte();
            session.Outgoing.RestoreInflight(id, state, ReadDelivery(ref input, broker, out _));
        }

        for (uint left = input.UInt32(); left > 0; left--)
            session.Outgoing.RestoreWaiting(ReadDelivery(ref input, broker, out bool isAnswer), isAnswer);
    }

    private static Delivery ReadDelivery(ref SnapshotReader input, BrokerState broker, out bool isAnswer)
    {
        long position = input.Int64();
        byte flags = input.Byte();
        isAnswer = (flags & AnswerFlag) != 0;
        byte[] group = input.Bytes();
        uint[]? identifiers = null;
        if (input.Byte() is > 0 and byte count)
        {
            identifiers = new uint[count];
            for (int i = 0; i < count; i++)
                identifiers[i] = input.UInt32();
        }

        return new Delivery(position, MessageTail.NoAddress, (byte)(flags & QosMask), (flags & RetainFlag) != 0)
        {
            SubscriptionIds = identifiers,
            Group = group.Length > 0 ? broker.Subscriptions.FindGroup(group) : null,
        };
    }
}
