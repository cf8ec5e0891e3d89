using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>DISCONNECT and AUTH: a reason and properties. A view over its frame when read.</summary>
public readonly ref struct DisconnectPacket
{
    /// <summary><see cref="PacketType.Disconnect"/>, or <see cref="PacketType.Auth"/> in 5.0.</summary>
    public PacketType Type { get; init; }

    /// <summary>Why; always normal in 3.1.1.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>More about it; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>Reads a DISCONNECT or AUTH frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out DisconnectPacket packet)
    {
        packet = default;
        if (version != ProtocolVersion.V5 && frame.Type == PacketType.Auth)
            return ReadStatus.Malformed;

        var reader = new FieldReader(frame.Body);
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
            return ReadStatus.ProtocolError; // [MQTT-3.14.2-1], [MQTT-3.15.2-1]

        // Standard 3.15.2.2.2: a step of authentication names its method.
        if (frame.Type == PacketType.Auth && code != 0 && !properties.TryGetBytes(PropertyId.AuthenticationMethod, out _))
            return ReadStatus.ProtocolError;

        packet = new DisconnectPacket { Type = frame.Type, ReasonCode = (ReasonCode)code, Properties = properties };
        return ReadStatus.Complete;
    }

    /// <summary>Writes the packet in its shortest form.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        bool properties = version == ProtocolVersion.V5 && Properties.RawBytes > 0;
        bool reason = properties || (version == ProtocolVersion.V5 && ReasonCode != ReasonCode.Success);
        int body = (reason ? 1 : 0) + (properties ? Properties.EncodedBytes : 0);

        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(Type, 0, body);
        if (reason)
            writer.Byte((byte)ReasonCode);
        if (properties)
            writer.Properties(Properties);

        output.Advance(writer.Written);
    }
}
