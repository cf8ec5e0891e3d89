using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>The server's answer to CONNECT. A view over its frame when read.</summary>
public readonly ref struct ConnackPacket
{
    private const byte MaxReturnCode = 5; // of 3.1.1

    /// <summary>The server remembers this client's session; never written with a refusal.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Success or why not, in the words of 5.0 for both versions.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>What the server grants; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>Whether a refusal has words in this version. 3.1.1 has five; a client refused for anything else is cut off without CONNACK.</summary>
    // 3.1.1 [MQTT-3.1.4-1], [MQTT-3.2.2-6].
    public static bool CanSay(ReasonCode code, ProtocolVersion version) =>
        version == ProtocolVersion.V5 ? ReasonTable.AreLegalIn(PacketType.Connack, (byte)code) : code is ReasonCode.ServerUnavailable or ReasonCode.ServerBusy || ToReturnCode(code) != 3;

    /// <summary>Reads a CONNACK frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out ConnackPacket packet)
    {
        packet = default;
        var reader = new FieldReader(frame.Body);
        if (!reader.TryReadByte(out byte flags) || flags > 1 || !reader.TryReadByte(out byte code))
            return ReadStatus.Malformed;

        PropertyList properties = default;
        if (version == ProtocolVersion.V5)
        {
            ReadStatus status = PropertyList.TryRead(ref reader, PacketType.Connack, out properties);
            if (status != ReadStatus.Complete)
                return status;
        }

        if (!reader.AtEnd || (version != ProtocolVersion.V5 && code > MaxReturnCode))
            return ReadStatus.Malformed;
        if (version == ProtocolVersion.V5 && !ReasonTable.AreLegalIn(PacketType.Connack, code))
            return ReadStatus.ProtocolError; // [MQTT-3.2.2-8]
        if (flags == 1 && code != 0)
            return ReadStatus.ProtocolError; // [MQTT-3.2.2-6] (5.0), [MQTT-3.2.2-4] (3.1.1)

        packet = new ConnackPacket
        {
            SessionPresent = flags == 1,
            ReasonCode = version == ProtocolVersion.V5 ? (ReasonCode)code : FromReturnCode(code),
            Properties = properties,
        };
        return ReadStatus.Complete;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        int body = 2 + (version == ProtocolVersion.V5 ? Properties.EncodedBytes : 0);
        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(PacketType.Connack, 0, body);
        writer.Byte(SessionPresent && ReasonCode == ReasonCode.Success ? (byte)1 : (byte)0); // [MQTT-3.2.2-6] (5.0), [MQTT-3.2.2-4] (3.1.1)
        writer.Byte(version == ProtocolVersion.V5 ? (byte)ReasonCode : ToReturnCode(ReasonCode));
        if (version == ProtocolVersion.V5)
            writer.Properties(Properties);

        output.Advance(writer.Written);
    }

    // 3.1.1, table 3.1.
    private static byte ToReturnCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned => 5,
        _ => 3,
    };

    private static ReasonCode FromReturnCode(byte code) => code switch
    {
        0 => ReasonCode.Success,
        1 => ReasonCode.UnsupportedProtocolVersion,
        2 => ReasonCode.ClientIdentifierNotValid,
        3 => ReasonCode.ServerUnavailable,
        4 => ReasonCode.BadUserNameOrPassword,
        5 => ReasonCode.NotAuthorized,
        _ => ReasonCode.UnspecifiedError,
    };
}
