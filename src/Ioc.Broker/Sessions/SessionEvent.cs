using System.Buffers.Binary;

namespace Ioc.Broker.Sessions;

/// <summary>What a session event in the journal says. The numbers are on disks: never reuse one.</summary>
internal enum SessionEventKind : byte
{
    /// <summary>Connected with a session that is to outlive the connection. Body: flags (1: begin anew), expiry s (4), user name.</summary>
    Opened = 1,

    /// <summary>The session is over.</summary>
    Ended = 2,

    /// <summary>The connection has gone. Body: when, Unix ms (8), expiry s (4), then, with a delayed will: due, Unix ms (8), header bytes (4), header, payload.</summary>
    Detached = 3,

    /// <summary>Body: options (1), identifier (4), filter.</summary>
    Subscribed = 4,

    /// <summary>Body: filter.</summary>
    Unsubscribed = 5,

    /// <summary>PUBREL came: the packet id may name another message. Body: packet id (2).</summary>
    Released = 6,

    /// <summary>Deliveries got their packet ids. Body: repeated packet id (2), position (8).</summary>
    Sent = 7,

    /// <summary>The receiver ended an exchange. Body: packet id (2).</summary>
    Acknowledged = 8,

    /// <summary>PUBREC came from the receiver. Body: packet id (2).</summary>
    Received = 9,

    /// <summary>A delayed will went out, or need not go out any more.</summary>
    WillSettled = 10,
}

/// <summary>A session event as bytes: layout version (1), kind (1), client id length (2), client id, body. Little-endian. A view.</summary>
internal readonly ref struct SessionEvent(SessionEventKind kind, ReadOnlySpan<byte> clientId, ReadOnlySpan<byte> body)
{
    public const int FixedBytes = 4;
    public const byte LayoutVersion = 1;

    public SessionEventKind Kind { get; } = kind;

    public ReadOnlySpan<byte> ClientId { get; } = clientId;

    public ReadOnlySpan<byte> Body { get; } = body;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out SessionEvent read)
    {
        read = default;
        if (bytes.Length < FixedBytes || bytes[0] != LayoutVersion)
            return false;

        int clientId = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if (bytes.Length < FixedBytes + clientId)
            return false;

        read = new SessionEvent((SessionEventKind)bytes[1], bytes.Slice(FixedBytes, clientId), bytes[(FixedBytes + clientId)..]);
        return true;
    }
}
