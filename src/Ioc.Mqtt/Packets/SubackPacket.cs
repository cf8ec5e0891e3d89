using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>SUBACK and UNSUBACK: one code per filter asked. A view over its frame when read.</summary>
public readonly ref struct SubackPacket
{
    /// <summary><see cref="PacketType.Suback"/> or <see cref="PacketType.Unsuback"/>.</summary>
    public PacketType Type { get; init; }

    /// <summary>The exchange it belongs to, never zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Reason string and user properties; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>One <see cref="ReasonCode"/> per filter, in the order asked. 3.1.1's UNSUBACK has none; its SUBACK knows one failure only.</summary>
    public ReadOnlySequence<byte> ReasonCodes { get; init; }

    /// <summary>Reads a SUBACK or UNSUBACK frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out SubackPacket packet)
    {
        packet = default;
        ReadStatus status = FilterList.TryReadFront(frame, version, out FieldReader reader, out ushort packetId, out PropertyList properties);
        if (status != ReadStatus.Complete)
            return status;

        bool hasCodes = HasCodes(frame.Type, version);
        if (reader.AtEnd == hasCodes)
            return ReadStatus.Malformed;
        if (!AreCodesLegal(frame.Type, version, reader.Rest.FirstSpan))
            return ReadStatus.ProtocolError; // [MQTT-3.9.3-2], [MQTT-3.11.3-2]

        packet = new SubackPacket { Type = frame.Type, PacketId = packetId, Properties = properties, ReasonCodes = reader.Rest };
        return ReadStatus.Complete;
    }

    /// <summary>Writes the packet; failures become 0x80 in 3.1.1.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        bool hasCodes = HasCodes(Type, version);
        int body = 2 + (version == ProtocolVersion.V5 ? Properties.EncodedBytes : 0) + (hasCodes ? (int)ReasonCodes.Length : 0);

        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(Type, 0, body);
        writer.UInt16(PacketId);
        if (version == ProtocolVersion.V5)
            writer.Properties(Properties);
        if (hasCodes)
        {
            foreach (ReadOnlyMemory<byte> segment in ReasonCodes)
            {
                foreach (byte code in segment.Span)
                    writer.Byte(version == ProtocolVersion.V5 ? code : Math.Min(code, (byte)ReasonCode.UnspecifiedError));
            }
        }

        output.Advance(writer.Written);
    }

    private static bool AreCodesLegal(PacketType type, ProtocolVersion version, ReadOnlySpan<byte> codes)
    {
        foreach (byte code in codes)
        {
            if (!ReasonTable.AreLegalIn(type, code) || (version != ProtocolVersion.V5 && code is not (<= 2 or 0x80)))
                return false;
        }

        return true;
    }

    private static bool HasCodes(PacketType type, ProtocolVersion version) => version == ProtocolVersion.V5 || type == PacketType.Suback;
}
