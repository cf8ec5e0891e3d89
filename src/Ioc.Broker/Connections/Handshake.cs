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
    /// <summary>Reads CONNECT and says whether it is let in. The packet's version is set even when it is not.</summary>
    public static ReasonCode Judge(in Frame frame, BrokerState broker, out ConnectPacket connect)
    {
        ReadStatus status = ConnectPacket.TryRead(frame, out connect);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();

        // [MQTT-3.1.3-8] 3.1.1: a client without a name cannot ask for its old session.
        if (connect.ClientId.IsEmpty && !connect.CleanStart && connect.Version == ProtocolVersion.V311)
            return ReasonCode.ClientIdentifierNotValid;

        if (connect.Properties.TryGetBytes(PropertyId.AuthenticationMethod, out _))
            return ReasonCode.BadAuthenticationMethod;

        if (connect.HasWill && PublishIntake.IsReserved(connect.WillTopic.ToArray()))
            return ReasonCode.TopicNameInvalid;

        return broker.Access.Judge(connect);
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
    /// <param name="broker">Whose options are told.</param>
    /// <param name="connect">What is answered.</param>
    /// <param name="session">What it got.</param>
    /// <param name="present">The session was there before.</param>
    /// <param name="assignedClientId">Empty when the client brought its own.</param>
    /// <param name="after">Position to be durable before the answer leaves.</param>
    public static void Accept(ConnectionWriter writer, BrokerState broker, in ConnectPacket connect, Session session, bool present, ReadOnlySpan<byte> assignedClientId, long after)
    {
        if (connect.Version != ProtocolVersion.V5)
        {
            writer.Answer(present, static (output, present) => new ConnackPacket { SessionPresent = present }.Write(output, ProtocolVersion.V311), after);
            return;
        }

        BrokerOptions options = broker.Options;
        PropertyBuilder properties = new PropertyBuilder()
            .Add(PropertyId.ReceiveMaximum, (uint)options.ReceiveMaximum)
            .Add(PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes)
            .Add(PropertyId.TopicAliasMaximum, (uint)options.TopicAliasMaximum);

        if (connect.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out uint asked) && asked != session.ExpirySeconds)
            properties.Add(PropertyId.SessionExpiryInterval, session.ExpirySeconds);
        if (KeepAliveSeconds(connect, options) is int keepAlive && keepAlive != connect.KeepAliveSeconds)
            properties.Add(PropertyId.ServerKeepAlive, (uint)keepAlive); // [MQTT-3.2.2-21]
        if (!assignedClientId.IsEmpty)
            properties.Add(PropertyId.AssignedClientIdentifier, assignedClientId); // [MQTT-3.2.2-16]

        var granted = new Granted(properties, present);
        writer.Answer(granted, static (output, granted) => new ConnackPacket { SessionPresent = granted.Present, Properties = granted.Properties.List }.Write(output, ProtocolVersion.V5), after);
    }

    /// <summary>Answers a client that is not let in; a level we do not serve gets the shape its client most likely reads.</summary>
    public static void Refuse(IBufferWriter<byte> output, ProtocolVersion version, ReasonCode reason)
    {
        if (version < ProtocolVersion.V5)
        {
            new ConnackPacket { ReasonCode = reason }.Write(output, ProtocolVersion.V311);
            return;
        }

        PropertyBuilder properties = new PropertyBuilder().Add(PropertyId.ReasonString, ReasonTexts.Of(reason));
        new ConnackPacket { ReasonCode = reason, Properties = properties.List }.Write(output, ProtocolVersion.V5);
    }

    private readonly record struct Granted(PropertyBuilder Properties, bool Present);
}
