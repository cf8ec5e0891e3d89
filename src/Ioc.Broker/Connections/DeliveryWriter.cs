using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Access;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>Turns deliveries into PUBLISH packets: from the tail in memory, or, when it has gone on, from the journal.</summary>
/// <remarks>Touched only by the connection's writer.</remarks>
internal sealed class DeliveryWriter(BrokerState broker, ConnectionWriter owner, PipeWriter output) : IKeptMessageVisitor
{
    // One flush of the socket carries so many messages at most.
    private const int MostPerRound = 256;

    // Messages looked up in the journal at one time, while they are small.
    private const int MostPerRead = 32;

    // Enough for one flush: what is left waits for the next, so that a connection holds little however large its messages are.
    private const int MostUnflushedBytes = 256 * 1024;

    // Holds nearly every header.
    private const int StackBytes = 512;

    // In the place of a position: the journal did not take it, and without it no QoS 2 message leaves.
    private const long Unjournaled = long.MaxValue;

    // In the place of an address in the tail: bytes that nobody overwrites.
    private const long Steady = -2;

    private readonly TentativeWriter _packet = new(output);
    private Sending[]? _round;
    private int _next;
    private int _count;
    private long _after = SessionJournal.Nothing;
    private Session? _session;
    private int _readStart;
    private int _readSeen;
    private int _written;

    /// <summary>What the client takes.</summary>
    public required ClientLimits Client { get; init; }

    /// <summary>What it may receive: a subscription may be older than its rights.</summary>
    public required ClientRights Rights { get; init; }

    /// <summary>Writes one round; true when there may be more at once.</summary>
    /// <param name="session">Whose deliveries.</param>
    /// <param name="awaited">The position to wait for before there is more, or −1.</param>
    public bool Write(Session session, out long awaited)
    {
        long durable = broker.Handler.DurablePosition;
        awaited = SessionJournal.Nothing;
        if (_next == _count && !TryTake(session, durable, out awaited))
            return false;

        if (_after == Unjournaled)
            JournalAgain(session);
        if (_after >= durable)
        {
            // What the journal did not take is offered again after its next flush.
            awaited = Math.Min(_after, durable);
            return false;
        }

        _session = session;
        _written = 0;
        while (_next < _count && output.UnflushedBytes < MostUnflushedBytes)
            WriteNext(_round![_next]);

        broker.Counters.AddDelivered(_written);
        _session = null;
        return true;
    }

    void IKeptMessageVisitor.Visit(int index, long receivedAtMs, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        for (; _readSeen < index; _readSeen++)
            PassOver(_round![_readStart + _readSeen], Drop.NoLongerKept);

        _readSeen = index + 1;
        Emit(_round![_readStart + index], header, payload, receivedAtMs, Steady);
    }

    private bool TryTake(Session session, long durable, out long awaited)
    {
        _next = _count = 0;
        if (session.Outgoing.HasReady(owner, durable, out awaited))
        {
            _round ??= ArrayPool<Sending>.Shared.Rent(MostPerRound);
            Span<Sending> round = _round.AsSpan(0, MostPerRound);
            _after = SessionJournal.Nothing;
            _count = session.IsJournaled ? TakeJournaled(session, durable, round, out awaited) : session.Outgoing.Take(owner, durable, round, out awaited);
        }

        if (_count == 0 && _round is { } emptied)
        {
            // An idle connection keeps nothing.
            _round = null;
            ArrayPool<Sending>.Shared.Return(emptied, clearArray: true);
        }

        return _count > 0;
    }

    // In one batch: a snapshot shows a delivery waiting, or under its packet id with the event behind it, never between.
    private int TakeJournaled(Session session, long durable, Span<Sending> round, out long awaited)
    {
        broker.Handler.BeginBatch();
        try
        {
            int count = session.Outgoing.Take(owner, durable, round, out awaited);
            if (count > 0)
                _after = Journal(session, round[..count]);
            return count;
        }
        finally
        {
            broker.Handler.EndBatch();
        }
    }

    private void JournalAgain(Session session)
    {
        broker.Handler.BeginBatch();
        try
        {
            _after = Journal(session, _round.AsSpan(_next, _count - _next));
        }
        finally
        {
            broker.Handler.EndBatch();
        }
    }

    // A QoS 2 message leaves when it is durable under which packet id: over a restart the receiver must see the same one.
    private long Journal(Session session, ReadOnlySpan<Sending> round)
    {
        AcceptOutcome outcome = broker.SessionJournal.Sent(session, round, out long position);
        broker.Sessions.Changed();
        foreach (ref readonly Sending sending in round)
        {
            if (sending.Delivery.Qos == 2 && !sending.Dup)
                return outcome == AcceptOutcome.Accepted ? position : Unjournaled;
        }

        return SessionJournal.Nothing;
    }

    private void WriteNext(in Sending sending)
    {
        if (sending.Kind == SendingKind.Pubrel)
        {
            output.Advance(AckPacket.WritePlain(output.GetSpan(AckPacket.MaxPlainBytes), PacketType.Pubrel, sending.PacketId, ReasonCode.Success));
            _next++;
        }
        else if (sending.Delivery.Retained is { } retained)
        {
            Emit(sending, retained.Header, retained.Payload, retained.ReceivedAtMs, Steady);
            _next++;
        }
        else if (TryWriteFromTail(sending))
        {
            _next++;
        }
        else
        {
            ReadFromJournal();
        }
    }

    // The header is read from a copy that is whole: half overwritten, it could say anything. The payload is only copied, and asked after then.
    private bool TryWriteFromTail(in Sending sending)
    {
        long address = sending.Delivery.Address;
        if (!broker.Tail.TryPeek(address, out long receivedAtMs, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> payload))
            return false;

        Span<byte> copy = header.Length <= StackBytes ? stackalloc byte[StackBytes] : new byte[header.Length];
        header.CopyTo(copy);
        return broker.Tail.IsKept(address) && Emit(sending, copy[..header.Length], payload, receivedAtMs, address);
    }

    /// <summary>False only when the message was overwritten in the tail while it was copied.</summary>
    private bool Emit(in Sending sending, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, long receivedAtMs, long address)
    {
        if (!PublishHeader.TryRead(header, out PublishHeader publish))
            return address == Steady;

        bool expires = MessageExpiry.TryGet(publish.Properties, out uint expirySeconds);
        long waitedMs = expires ? Math.Max(0, broker.Time.GetUtcNow().ToUnixTimeMilliseconds() - receivedAtMs) : 0;
        var packet = new DeliveryPacket
        {
            Dup = sending.Dup,
            Qos = sending.Delivery.Qos,
            Retain = sending.Delivery.Retain,
            Topic = publish.Topic,
            PacketId = sending.PacketId,
            Properties = publish.Properties,
            SubscriptionIds = sending.Delivery.SubscriptionIds,
            RemainingExpirySeconds = expires ? (uint)Math.Max(0, expirySeconds - (waitedMs / 1000)) : null,
            Payload = payload,
        };

        Drop? passedOver = expires && waitedMs >= expirySeconds * 1000L && !sending.Dup ? Drop.Expired : null; // [MQTT-3.3.2-5], [MQTT-4.3.3-7]
        int bytes = packet.EncodedBytes(Client.Version);
        if (bytes > Client.MaxPacketBytes)
            passedOver ??= Drop.PacketTooLargeForClient; // [MQTT-3.1.2-24], [MQTT-3.1.2-25] counts as delivered

        if (!Rights.IsUnrestricted && !Rights.MayReceive(publish.Topic))
            passedOver ??= Drop.NotAuthorized;

        if (passedOver is null)
        {
            _packet.Begin(bytes);
            packet.Write(_packet, Client.Version);
        }

        // Whatever was made of the bytes counts only if they were still there when it was made.
        if (address != Steady && !broker.Tail.IsKept(address))
            return false;

        if (passedOver is { } reason)
        {
            PassOver(sending, reason);
            return true;
        }

        _packet.Commit();
        _written++;
        return true;
    }

    private void ReadFromJournal()
    {
        Span<long> positions = stackalloc long[MostPerRead];
        int count = 0;
        for (int i = _next; i < _count && count < MostPerRead; i++)
        {
            ref readonly Sending sending = ref _round![i];
            bool ascends = count == 0 || sending.Delivery.Position > positions[count - 1];
            if (sending.Kind != SendingKind.Publish || sending.Delivery.Retained is not null || !ascends)
                break;

            positions[count++] = sending.Delivery.Position;
        }

        _readStart = _next;
        _readSeen = 0;
        broker.Handler.Read(positions[..count], this);
        for (; _readSeen < count; _readSeen++)
            PassOver(_round![_readStart + _readSeen], Drop.NoLongerKept);
        _next += count;
    }

    // What is not sent is over: its place in the window goes to another.
    private void PassOver(in Sending sending, Drop reason)
    {
        broker.Counters.Dropped(reason);
        if (sending.PacketId == 0)
            return;

        Session session = _session!;
        broker.Handler.BeginBatch();
        try
        {
            if (session.Outgoing.PassOver(owner, sending.PacketId))
                broker.SessionJournal.Acknowledged(session, sending.PacketId);
        }
        finally
        {
            broker.Handler.EndBatch();
        }
    }
}
