using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP: one shape under four types. A view over its frame when read.</summary>
public readonly ref struct AckPacket
{
    /// <summary>Most bytes an acknowledgement without properties takes.</summary>
    public const int MaxPlainBytes = 5;

    /// <summary>One of the four.</summary>
    public PacketType Type { get; init; }

    /// <summary>The exchange it belongs to, never zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>How it went; always success in 3.1.1.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Reason string and user properties; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>Reads a frame of one of the four types.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out AckPacket packet)
    {
        if (frame.Span.Length is 2 || (frame.Span.Length is 3 && version == ProtocolVersion.V5))
            return TryReadPlain(frame, out packet);

        packet = default;
        var reader = new FieldReader(frame.Body);
        if (!reader.TryReadUInt16(out ushort packetId))
            return ReadStatus.Malformed;
        if (packetId == 0)
            return ReadStatus.ProtocolError; // [MQTT-2.2.1-3]

        byte code = 0;
        PropertyList properties = default;
        if (version == ProtocolVersion.V5 && reader.TryReadByte(out code) && !reader.AtEnd)
        {
            ReadStatus status = PropertyList.TryRead(ref reader, frame.Type, out properties);
            if (status != ReadStatus.Complete)
                return status;
        }

        if (!reader.AtEnd)
            return ReadStatus.Malformed;
        if (!ReasonTable.AreLegalIn(frame.Type, code))
            return ReadStatus.ProtocolError; // [MQTT-3.4.2-1], [MQTT-3.5.2-1], [MQTT-3.6.2-1], [MQTT-3.7.2-1]

        packet = new AckPacket { Type = frame.Type, PacketId = packetId, ReasonCode = (ReasonCode)code, Properties = properties };
        return ReadStatus.Complete;
    }

    // The forms nearly all have: without properties.
    private static ReadStatus TryReadPlain(in Frame frame, out AckPacket packet)
    {
        ReadOnlySpan<byte> body = frame.Span;
        byte code = body.Length > 2 ? body[2] : (byte)0;
        packet = new AckPacket { Type = frame.Type, PacketId = BinaryPrimitives.ReadUInt16BigEndian(body), ReasonCode = (ReasonCode)code };

        return packet.PacketId == 0 || !ReasonTable.AreLegalIn(frame.Type, code) ? ReadStatus.ProtocolError : ReadStatus.Complete; // [MQTT-2.2.1-3]
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        bool properties = version == ProtocolVersion.V5 && Properties.RawBytes > 0;
        bool reason = properties || (version == ProtocolVersion.V5 && ReasonCode != ReasonCode.Success);
        int body = 2 + (reason ? 1 : 0) + (properties ? Properties.EncodedBytes : 0);

        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(Type, Type == PacketType.Pubrel ? 2 : 0, body);
        writer.UInt16(PacketId);
        if (reason)
            writer.Byte((byte)ReasonCode);
        if (properties)
            writer.Properties(Properties);

        output.Advance(writer.Written);
    }

    /// <summary>Writes an acknowledgement without properties; for writers that put many into one span.</summary>
    /// <param name="destination">At least <see cref="MaxPlainBytes"/> long.</param>
    /// <param name="type">One of the four.</param>
    /// <param name="packetId">The exchange.</param>
    /// <param name="reason">Left out when success.</param>
    /// <returns>Bytes written.</returns>
    public static int WritePlain(Span<byte> destination, PacketType type, ushort packetId, ReasonCode reason)
    {
        Debug.Assert(destination.Length >= MaxPlainBytes);
        bool success = reason == ReasonCode.Success;
        destination[0] = (byte)(((int)type << 4) | (type == PacketType.Pubrel ? 2 : 0));
        destination[1] = success ? (byte)2 : (byte)3;
        destination[2] = (byte)(packetId >> 8);
        destination[3] = (byte)packetId;
        if (success)
            return 4;

        destination[4] = (byte)reason;
        return 5;
    }
}
