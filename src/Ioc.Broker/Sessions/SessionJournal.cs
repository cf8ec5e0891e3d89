using System.Buffers;
using System.Buffers.Binary;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Sessions;

/// <summary>Writes the changes of journaled sessions. Every method is called inside a batch, which also guards the buffer.</summary>
/// <remarks>Each returns the position to be durable before the client is told; −1 where the session is not journaled and nothing was written.</remarks>
internal sealed class SessionJournal(IPublishHandler handler)
{
    /// <summary>Nothing to wait for.</summary>
    public const long Nothing = -1;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public AcceptOutcome Opened(Session session, bool anew, out long position)
    {
        Span<byte> body = stackalloc byte[5];
        body[0] = anew ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(body[1..], session.ExpirySeconds);
        return Write(session, SessionEventKind.Opened, body, session.UserName.Span, out position);
    }

    public void Ended(Session session) => WriteIfJournaled(session, SessionEventKind.Ended, default, default, out _);

    public void Detached(Session session, long atMs)
    {
        if (!session.IsJournaled)
            return;

        Start(session, SessionEventKind.Detached);
        Int64(atMs);
        UInt32(session.ExpirySeconds);
        if (session.Will is { } will)
        {
            Int64(will.DueAtMs);
            UInt32((uint)will.Message.Header.Length);
            _buffer.Write(will.Message.Header);
            _buffer.Write(will.Message.Payload);
        }

        handler.TryAcceptEvent(_buffer.WrittenSpan, out _);
    }

    public AcceptOutcome Subscribed(Session session, ReadOnlySpan<byte> filter, SubscriptionOptions granted, uint identifier, out long position)
    {
        Span<byte> body = stackalloc byte[5];
        body[0] = granted.Encoded;
        BinaryPrimitives.WriteUInt32LittleEndian(body[1..], identifier);
        return WriteIfJournaled(session, SessionEventKind.Subscribed, body, filter, out position);
    }

    public AcceptOutcome Unsubscribed(Session session, ReadOnlySpan<byte> filter, out long position) =>
        WriteIfJournaled(session, SessionEventKind.Unsubscribed, filter, default, out position);

    public AcceptOutcome Released(Session session, ushort packetId, out long position) => WriteId(session, SessionEventKind.Released, packetId, out position);

    public AcceptOutcome Received(Session session, ushort packetId, out long position) => WriteId(session, SessionEventKind.Received, packetId, out position);

    // Lost, it costs the receiver a message twice, marked as such: QoS 1 allows it, and PUBCOMP comes again.
    public void Acknowledged(Session session, ushort packetId) => WriteId(session, SessionEventKind.Acknowledged, packetId, out _);

    public void WillSettled(Session session) => WriteIfJournaled(session, SessionEventKind.WillSettled, default, default, out _);

    /// <summary>Deliveries got their packet ids; those at QoS 0 and sent again are passed over.</summary>
    public AcceptOutcome Sent(Session session, ReadOnlySpan<Sending> sendings, out long position)
    {
        position = Nothing;
        Start(session, SessionEventKind.Sent);
        int before = _buffer.WrittenCount;
        foreach (ref readonly Sending sending in sendings)
        {
            if (sending is not { Kind: SendingKind.Publish, PacketId: > 0, Dup: false })
                continue;

            BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), sending.PacketId);
            _buffer.Advance(2);
            Int64(sending.Delivery.Position);
        }

        return _buffer.WrittenCount == before ? AcceptOutcome.Accepted : handler.TryAcceptEvent(_buffer.WrittenSpan, out position);
    }

    private AcceptOutcome WriteId(Session session, SessionEventKind kind, ushort packetId, out long position)
    {
        Span<byte> body = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(body, packetId);
        return WriteIfJournaled(session, kind, body, default, out position);
    }

    private AcceptOutcome WriteIfJournaled(Session session, SessionEventKind kind, ReadOnlySpan<byte> body, ReadOnlySpan<byte> rest, out long position)
    {
        position = Nothing;
        return session.IsJournaled ? Write(session, kind, body, rest, out position) : AcceptOutcome.Accepted;
    }

    private AcceptOutcome Write(Session session, SessionEventKind kind, ReadOnlySpan<byte> body, ReadOnlySpan<byte> rest, out long position)
    {
        Start(session, kind);
        _buffer.Write(body);
        _buffer.Write(rest);
        return handler.TryAcceptEvent(_buffer.WrittenSpan, out position);
    }

    private void Start(Session session, SessionEventKind kind)
    {
        _buffer.ResetWrittenCount();
        Span<byte> front = _buffer.GetSpan(SessionEvent.FixedBytes);
        front[0] = SessionEvent.LayoutVersion;
        front[1] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(front[2..], (ushort)session.ClientId.Length);
        _buffer.Advance(SessionEvent.FixedBytes);
        _buffer.Write(session.ClientId.Span);
    }

    private void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    private void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }
}
