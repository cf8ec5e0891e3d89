using System.Buffers;
using System.Globalization;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

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

        if (connect.HasWill)
        {
            if (TopicName.IsSystem(connect.WillTopic.ToArray()))
                return ReasonCode.TopicNameInvalid;
            if (connect.WillQos > Connection.MaximumQos && connect.Version == ProtocolVersion.V5)
                return ReasonCode.QosNotSupported; // [MQTT-3.2.2-12]
        }

        return broker.Access.Judge(connect);
    }

    /// <summary>A client id for one that brought none.</summary>
    public static byte[] AssignClientId() =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"auto-{Guid.NewGuid():N}"));

    /// <summary>Answers a client that is let in: what it may do here.</summary>
    public static void Accept(ConnectionWriter writer, BrokerState broker, in ConnectPacket connect, ReadOnlySpan<byte> assignedClientId)
    {
        if (connect.Version != ProtocolVersion.V5)
        {
            writer.Answer(connect.Version, static (output, version) => new ConnackPacket().Write(output, version));
            return;
        }

        PropertyBuilder properties = new PropertyBuilder()
            .Add(PropertyId.ReceiveMaximum, (uint)broker.Options.ReceiveMaximum)
            .Add(PropertyId.MaximumQos, Connection.MaximumQos)
            .Add(PropertyId.MaximumPacketSize, (uint)broker.Options.MaxPacketBytes)
            .Add(PropertyId.SubscriptionIdentifierAvailable, 0)
            .Add(PropertyId.SharedSubscriptionAvailable, 0);

        // Sessions end with their connection: a client that asked for more is told so. [MQTT-3.2.2-16] an id we chose is told.
        if (connect.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out uint expiry) && expiry > 0)
            properties.Add(PropertyId.SessionExpiryInterval, 0);
        if (!assignedClientId.IsEmpty)
            properties.Add(PropertyId.AssignedClientIdentifier, assignedClientId);

        writer.Answer(properties, static (output, granted) => new ConnackPacket { Properties = granted.List }.Write(output, ProtocolVersion.V5));
    }

    /// <summary>Answers a client that is not let in; a level we do not serve gets the shape its client most likely reads.</summary>
    public static void Refuse(IBufferWriter<byte> output, ProtocolVersion version, ReasonCode reason) =>
        new ConnackPacket { ReasonCode = reason }.Write(output, version >= ProtocolVersion.V5 ? ProtocolVersion.V5 : ProtocolVersion.V311);
}
