using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A client's first packet. A view over its frame when read.</summary>
public readonly ref struct ConnectPacket
{
    private const byte UserNameFlag = 0x80;
    private const byte PasswordFlag = 0x40;
    private const byte WillRetainFlag = 0x20;
    private const byte WillFlag = 0x04;
    private const byte CleanStartFlag = 0x02;
    private const byte ReservedFlag = 0x01;

    /// <summary>The level asked for; any byte when the read says <see cref="ReadStatus.UnsupportedVersion"/>.</summary>
    public ProtocolVersion Version { get; init; }

    /// <summary>Forget what an earlier session of this client left (3.1.1: clean session).</summary>
    public bool CleanStart { get; init; }

    /// <summary>Longest silence the client promises, in seconds; 0 is no promise.</summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>The client id in UTF-8; empty asks the server for one.</summary>
    public ReadOnlySequence<byte> ClientId { get; init; }

    /// <summary>A message to publish when the connection ends badly.</summary>
    public bool HasWill { get; init; }

    /// <summary>The will's quality of service, 0 to 2.</summary>
    public int WillQos { get; init; }

    /// <summary>The will is to be retained.</summary>
    public bool WillRetain { get; init; }

    /// <summary>The will's topic.</summary>
    public ReadOnlySequence<byte> WillTopic { get; init; }

    /// <summary>The will's payload.</summary>
    public ReadOnlySequence<byte> WillPayload { get; init; }

    /// <summary>The will's properties, will delay included.</summary>
    public PropertyList WillProperties { get; init; }

    /// <summary>A user name is there, if only an empty one.</summary>
    public bool HasUserName { get; init; }

    /// <summary>The user name in UTF-8.</summary>
    public ReadOnlySequence<byte> UserName { get; init; }

    /// <summary>A password is there, if only an empty one.</summary>
    public bool HasPassword { get; init; }

    /// <summary>The password's bytes.</summary>
    public ReadOnlySequence<byte> Password { get; init; }

    /// <summary>Properties of the connection.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>Reads a CONNECT frame.</summary>
    /// <param name="frame">A frame of type CONNECT.</param>
    /// <param name="packet">A view over the frame; only the version is set when the version is not supported.</param>
    public static ReadStatus TryRead(in Frame frame, out ConnectPacket packet)
    {
        packet = default;
        var reader = new FieldReader(frame.Body);
        if (!reader.TryReadBinary(out ReadOnlySequence<byte> name) || !reader.TryReadByte(out byte level))
            return ReadStatus.Malformed;

        var version = (ProtocolVersion)level;
        if (!IsProtocolName(name) || version is not (ProtocolVersion.V311 or ProtocolVersion.V5))
        {
            packet = new ConnectPacket { Version = version };
            return ReadStatus.UnsupportedVersion; // [MQTT-3.1.2-1], [MQTT-3.1.2-2]
        }

        packet = new ConnectPacket { Version = version };
        if (!reader.TryReadByte(out byte flags) || !AreFlagsLegal(flags, version) || !reader.TryReadUInt16(out ushort keepAlive))
            return ReadStatus.Malformed;

        PropertyList properties = default;
        if (version == ProtocolVersion.V5)
        {
            ReadStatus status = PropertyList.TryRead(ref reader, PacketType.Connect, out properties);
            if (status != ReadStatus.Complete)
                return status;
        }

        return TryReadPayload(ref reader, version, flags, keepAlive, properties, out packet);
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        bool properties = Version == ProtocolVersion.V5;
        int body = 10 + FieldWriter.FieldBytes(ClientId) + (properties ? Properties.EncodedBytes : 0);
        if (HasWill)
            body += FieldWriter.FieldBytes(WillTopic) + FieldWriter.FieldBytes(WillPayload) + (properties ? WillProperties.EncodedBytes : 0);
        if (HasUserName)
            body += FieldWriter.FieldBytes(UserName);
        if (HasPassword)
            body += FieldWriter.FieldBytes(Password);

        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(PacketType.Connect, 0, body);
        writer.Field(new ReadOnlySequence<byte>(ProtocolName));
        writer.Byte((byte)Version);
        writer.Byte(Flags());
        writer.UInt16(KeepAliveSeconds);
        if (properties)
            writer.Properties(Properties);

        writer.Field(ClientId);
        if (HasWill)
        {
            if (properties)
                writer.Properties(WillProperties);
            writer.Field(WillTopic);
            writer.Field(WillPayload);
        }

        if (HasUserName)
            writer.Field(UserName);
        if (HasPassword)
            writer.Field(Password);

        output.Advance(writer.Written);
    }

    private static readonly byte[] ProtocolName = "MQTT"u8.ToArray();

    private static bool IsProtocolName(in ReadOnlySequence<byte> name)
    {
        if (name.Length != 4)
            return false;

        Span<byte> gathered = stackalloc byte[4];
        name.CopyTo(gathered);
        return gathered.SequenceEqual("MQTT"u8);
    }

    private static bool AreFlagsLegal(byte flags, ProtocolVersion version)
    {
        if ((flags & ReservedFlag) != 0)
            return false; // [MQTT-3.1.2-3]

        int willQos = (flags >> 3) & 3;
        bool will = (flags & WillFlag) != 0;
        if (willQos == 3 || (!will && (willQos != 0 || (flags & WillRetainFlag) != 0)))
            return false; // [MQTT-3.1.2-11], [MQTT-3.1.2-12], [MQTT-3.1.2-13]

        // 3.1.1 [MQTT-3.1.2-22]: a password needs a user name. 5.0 allows it alone.
        return version != ProtocolVersion.V311 || (flags & PasswordFlag) == 0 || (flags & UserNameFlag) != 0;
    }

    private static ReadStatus TryReadPayload(scoped ref FieldReader reader, ProtocolVersion version, byte flags, ushort keepAlive, scoped in PropertyList properties, out ConnectPacket packet)
    {
        packet = new ConnectPacket { Version = version };
        PropertyList willProperties = default;
        ReadOnlySequence<byte> willTopic = default, willPayload = default, userName = default, password = default;

        if (!reader.TryReadText(out ReadOnlySequence<byte> clientId))
            return ReadStatus.Malformed;

        if ((flags & WillFlag) != 0)
        {
            if (version == ProtocolVersion.V5)
            {
                ReadStatus status = PropertyList.TryReadWill(ref reader, out willProperties);
                if (status != ReadStatus.Complete)
                    return status;
            }

            if (!reader.TryReadText(out willTopic) || !reader.TryReadBinary(out willPayload))
                return ReadStatus.Malformed;
            if (!Topics.TopicName.IsValid(willTopic.FirstSpan))
                return ReadStatus.InvalidTopic;
        }

        if ((flags & UserNameFlag) != 0 && !reader.TryReadText(out userName))
            return ReadStatus.Malformed;
        if ((flags & PasswordFlag) != 0 && !reader.TryReadBinary(out password))
            return ReadStatus.Malformed;
        if (!reader.AtEnd)
            return ReadStatus.Malformed;

        packet = new ConnectPacket
        {
            Version = version,
            CleanStart = (flags & CleanStartFlag) != 0,
            KeepAliveSeconds = keepAlive,
            ClientId = clientId,
            HasWill = (flags & WillFlag) != 0,
            WillQos = (flags >> 3) & 3,
            WillRetain = (flags & WillRetainFlag) != 0,
            WillTopic = willTopic,
            WillPayload = willPayload,
            WillProperties = willProperties,
            HasUserName = (flags & UserNameFlag) != 0,
            UserName = userName,
            HasPassword = (flags & PasswordFlag) != 0,
            Password = password,
            Properties = properties,
        };
        return ReadStatus.Complete;
    }

    private byte Flags()
    {
        int flags = CleanStart ? CleanStartFlag : 0;
        if (HasWill)
            flags |= WillFlag | (WillQos << 3) | (WillRetain ? WillRetainFlag : 0);
        if (HasUserName)
            flags |= UserNameFlag;
        if (HasPassword)
            flags |= PasswordFlag;
        return (byte)flags;
    }
}
