using System.Buffers;
using System.Globalization;
using System.Text;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Connections;

/// <summary>Judges CONNECT and answers it.</summary>
internal static class Handshake
{
    // CONNACK with all that we may tell: the fixed header and flags, and five properties of numbers.
    private const int MaxConnackBytes = 5 + 3 + 5 + 3 + 5 + 3;

    // An assigned client id beside them.
    private const int MaxAssignedIdBytes = 3 + 37;

    /// <summary>Reads CONNECT and says whether it can be served, whoever sends it. The packet's version is set even when it is not.</summary>
    public static ReasonCode Judge(in Frame frame, out ConnectPacket connect)
    {
        ReadStatus status = ConnectPacket.TryRead(frame, out connect);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();

        // [MQTT-3.1.3-8] 3.1.1: a client without a name cannot ask for its old session.
        if (connect.ClientId.IsEmpty && !connect.CleanStart && connect.Version == ProtocolVersion.V311)
            return ReasonCode.ClientIdentifierNotValid;

        if (connect.Properties.TryGetBytes(PropertyId.AuthenticationMethod, out _))
            return ReasonCode.BadAuthenticationMethod;

        // [MQTT-3.1.2-24] what it is to be told would be too large for it.
        if (connect.Properties.TryGetNumber(PropertyId.MaximumPacketSize, out uint most) && most < MaxConnackBytes + (connect.ClientId.IsEmpty ? MaxAssignedIdBytes : 0))
            return ReasonCode.PacketTooLarge;

        if (connect.HasWill && PublishIntake.IsReserved(connect.WillTopic.ToArray()))
            return ReasonCode.TopicNameInvalid;

        return ReasonCode.Success;
    }

    /// <summary>A client id for one that brought none.</summary>
    public static byte[] AssignClientId() =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"auto-{Guid.NewGuid():N}"));

    /// <summary>Seconds the session shall outlive its connection: what the client asks for, at most what we grant.</summary>
    public static uint ExpirySeconds(in ConnectPacket connect, BrokerOptions options)
    {
        uint asked = connect.Version != ProtocolVersion.V5
            ? connect.CleanStart ? 0 : Session.NeverExpires
            : connect.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out uint seconds) ? seconds : 0;
        return Math.Min(asked, options.MaxSessionExpirySeconds);
    }

    /// <summary>Seconds of silence the connection may promise; 0 for any. The server's wish binds a client of 5.0 only: an older one cannot be told.</summary>
    public static int KeepAliveSeconds(in ConnectPacket connect, BrokerOptions options)
    {
        int asked = connect.KeepAliveSeconds;
        return connect.Version == ProtocolVersion.V5 && options.ServerKeepAlive > 0 && (asked == 0 || asked > options.ServerKeepAlive)
            ? options.ServerKeepAlive
            : asked;
    }

    /// <summary>Answers a client that is let in: what it may do here.</summary>
    /// <param name="writer">Its connection's.</param>
    /// <param name="options">What is told.</param>
    /// <param name="connect">What is answered.</param>
    /// <param name="granted">What it got.</param>
    /// <param name="after">Position to be durable before the answer leaves.</param>
    public static void Accept(ConnectionWriter writer, BrokerOptions options, in ConnectPacket connect, in Granted granted, long after)
    {
        if (connect.Version != ProtocolVersion.V5)
        {
            writer.Answer(granted.Present, static (output, present) => new ConnackPacket { SessionPresent = present }.Write(output, ProtocolVersion.V311), after);
            return;
        }

        PropertyBuilder properties = new PropertyBuilder()
            .Add(PropertyId.ReceiveMaximum, (uint)granted.ReceiveMaximum)
            .Add(PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes)
            .Add(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMaximum);

        uint expiry = granted.Session.ExpirySeconds;
        if (connect.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out uint asked) && asked != expiry)
            properties.Add(PropertyId.SessionExpiryInterval, expiry);
        if (KeepAliveSeconds(connect, options) is int keepAlive && keepAlive != connect.KeepAliveSeconds)
            properties.Add(PropertyId.ServerKeepAlive, (uint)keepAlive); // [MQTT-3.2.2-21]
        if (granted.AssignedClientId is { } assigned)
            properties.Add(PropertyId.AssignedClientIdentifier, assigned); // [MQTT-3.2.2-16]

        var answer = new Answer(properties, granted.Present);
        writer.Answer(answer, static (output, answer) => new ConnackPacket { SessionPresent = answer.Present, Properties = answer.Properties.List }.Write(output, ProtocolVersion.V5), after);
    }

    /// <summary>Answers a client that is not let in; a level we do not serve gets the shape its client most likely reads.</summary>
    public static void Refuse(IBufferWriter<byte> output, ClientLimits client, ReasonCode reason)
    {
        ProtocolVersion version = client.Version;
        // A level with the bridge bit set is one of 3.1.1's.
        if (version < ProtocolVersion.V5 || (byte)version >= 0x80)
        {
            new ConnackPacket { ReasonCode = reason }.Write(output, ProtocolVersion.V311);
            return;
        }

        var properties = new PropertyBuilder();
        if (client.HasRoomForReasons)
            properties.Add(PropertyId.ReasonString, ReasonTexts.Of(reason)); // [MQTT-3.2.2-19]
        new ConnackPacket { ReasonCode = reason, Properties = properties.List }.Write(output, ProtocolVersion.V5);
    }

    private readonly record struct Answer(PropertyBuilder Properties, bool Present);
}

/// <summary>What a client got.</summary>
/// <param name="Session">Its session.</param>
/// <param name="ReceiveMaximum">QoS 1 and 2 messages it may have unacknowledged.</param>
/// <param name="Present">The session was there before.</param>
/// <param name="AssignedClientId">Null when it brought its own.</param>
internal readonly record struct Granted(Session Session, int ReceiveMaximum, bool Present, byte[]? AssignedClientId);
