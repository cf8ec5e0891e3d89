using System.Buffers.Binary;
using Ioc.Mqtt;

namespace Ioc.Broker;

/// <summary>What stands before the payload in a journal record: who published what where. The journal does not look inside.</summary>
/// <remarks>
/// Layout, all integers little-endian: layout version, flags, protocol version, source bytes, packet id (2), topic bytes (2),
/// client id bytes (2), user name bytes (2), property bytes (4), then these four in that order and the source.
/// Version 1 has no source; it is still written where there is none. A view: dead with the span it was read from.
/// </remarks>
public readonly ref struct PublishHeader
{
    /// <summary>Bytes before the topic.</summary>
    public const int FixedBytes = 16;

    /// <summary>Longest <see cref="Source"/>, in bytes.</summary>
    public const int MaxSourceBytes = byte.MaxValue;

    private const byte WithoutSource = 1;
    private const byte WithSource = 2;
    private const byte QosMask = 0x03;
    private const byte RetainFlag = 0x04;
    private const byte DupFlag = 0x08;
    private const byte WillFlag = 0x10;
    private const byte RetainedDeliveryFlag = 0x20;
    private const byte UpstreamFlag = 0x40;
    private const byte HeldFlag = 0x80;

    /// <summary>Topic name in UTF-8, never empty, valid as MQTT asks.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Client id in UTF-8; the server's choice where the client had none. Ours at the other broker when <see cref="Upstream"/>.</summary>
    public ReadOnlySpan<byte> ClientId { get; init; }

    /// <summary>User name the connection proved; empty when anonymous.</summary>
    public ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>The message's MQTT 5.0 properties as encoded, without their length; empty in 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Quality of service it was published with, 0 to 2.</summary>
    public byte Qos { get; init; }

    /// <summary>Whose key space the message's devices belong to, in UTF-8; empty for the default one.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>The publisher asked to retain it. A fresh message all the same. Never set when <see cref="Upstream"/>: it is kept there, not here.</summary>
    public bool Retain { get; init; }

    /// <summary>The publisher says it sent it before.</summary>
    public bool Dup { get; init; }

    /// <summary>A last will, published by the broker after the connection ended badly.</summary>
    public bool Will { get; init; }

    /// <summary>Another broker handed us what it had retained: not a new measurement.</summary>
    public bool RetainedDelivery { get; init; }

    /// <summary>Taken from another broker, where we are a client; <see cref="PacketId"/> and <see cref="Qos"/> are of that delivery.</summary>
    public bool Upstream { get; init; }

    /// <summary>At QoS 2: the packet id is held by a session that outlives the connection, until an event of the session releases it.</summary>
    public bool Held { get; init; }

    /// <summary>The publisher's protocol; that of our connection to it when <see cref="Upstream"/>.</summary>
    public ProtocolVersion Version { get; init; }

    /// <summary>Packet id of the exchange; zero at QoS 0 and for a will.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Bytes <see cref="Write"/> will take.</summary>
    public int EncodedBytes => FixedBytes + Topic.Length + ClientId.Length + UserName.Length + Properties.Length + Source.Length;

    /// <summary>Reads a header; false when the bytes are not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PublishHeader header)
    {
        header = default;
        if (bytes.Length < FixedBytes || bytes[0] is not (WithoutSource or WithSource))
            return false;

        int source = bytes[0] == WithSource ? bytes[3] : 0;
        int topic = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        int clientId = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        int userName = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        uint properties = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (bytes.Length != (long)FixedBytes + topic + clientId + userName + properties + source)
            return false;

        ReadOnlySpan<byte> rest = bytes[FixedBytes..];
        byte flags = bytes[1];
        header = new PublishHeader
        {
            Qos = (byte)(flags & QosMask),
            Retain = (flags & RetainFlag) != 0,
            Dup = (flags & DupFlag) != 0,
            Will = (flags & WillFlag) != 0,
            RetainedDelivery = (flags & RetainedDeliveryFlag) != 0,
            Upstream = (flags & UpstreamFlag) != 0,
            Held = (flags & HeldFlag) != 0,
            Version = (ProtocolVersion)bytes[2],
            PacketId = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
            Topic = rest[..topic],
            ClientId = rest.Slice(topic, clientId),
            UserName = rest.Slice(topic + clientId, userName),
            Properties = rest[(topic + clientId + userName)..^source],
            Source = rest[^source..],
        };
        return true;
    }

    /// <summary>Writes the header and returns its length.</summary>
    /// <param name="destination">At least <see cref="EncodedBytes"/> long.</param>
    public int Write(Span<byte> destination)
    {
        destination[0] = Source.IsEmpty ? WithoutSource : WithSource;
        destination[1] = (byte)(Qos | (Retain ? RetainFlag : 0) | (Dup ? DupFlag : 0) | (Will ? WillFlag : 0)
            | (RetainedDelivery ? RetainedDeliveryFlag : 0) | (Upstream ? UpstreamFlag : 0) | (Held ? HeldFlag : 0));
        destination[2] = (byte)Version;
        destination[3] = checked((byte)Source.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], PacketId);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], checked((ushort)Topic.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], checked((ushort)ClientId.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], checked((ushort)UserName.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], (uint)Properties.Length);

        Span<byte> rest = destination[FixedBytes..];
        Topic.CopyTo(rest);
        ClientId.CopyTo(rest = rest[Topic.Length..]);
        UserName.CopyTo(rest = rest[ClientId.Length..]);
        Properties.CopyTo(rest = rest[UserName.Length..]);
        Source.CopyTo(rest[Properties.Length..]);
        return EncodedBytes;
    }
}
