using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>The server's answer to CONNECT. A view over its frame when read.</summary>
public readonly ref struct ConnackPacket
{
    /// <summary>The server remembers this client's session.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Success or why not, in the words of 5.0 for both versions.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>What the server grants; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

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

        if (!reader.AtEnd)
            return ReadStatus.Malformed;

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
        writer.Byte(SessionPresent ? (byte)1 : (byte)0);
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
