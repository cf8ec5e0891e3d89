using System.Buffers;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Connections;

/// <summary>Answers SUBSCRIBE and UNSUBSCRIBE. Success, or the reason to end the connection, is returned.</summary>
internal static class SubscriptionDesk
{
    public static ReasonCode Subscribe(in Frame frame, ProtocolVersion version, Session session, BrokerState broker, ConnectionWriter writer)
    {
        ReadStatus status = SubscribePacket.TryRead(frame, version, out SubscribePacket packet);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();
        if (packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out _))
            return ReasonCode.SubscriptionIdentifiersNotSupported;

        var codes = new ArrayBufferWriter<byte>();
        foreach (FilterEntry entry in packet.Filters)
            codes.Write([(byte)Subscribe(entry, session, broker)]);

        // Retained messages wait in the session's queue, so SUBACK leaves first.
        Answer(writer, PacketType.Suback, version, packet.PacketId, codes);
        return ReasonCode.Success;
    }

    public static ReasonCode Unsubscribe(in Frame frame, ProtocolVersion version, Session session, BrokerState broker, ConnectionWriter writer)
    {
        ReadStatus status = UnsubscribePacket.TryRead(frame, version, out UnsubscribePacket packet);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();

        var codes = new ArrayBufferWriter<byte>();
        foreach (FilterEntry entry in packet.Filters)
        {
            bool existed = session.Unsubscribe(broker.Subscriptions, entry.Filter.ToArray());
            codes.Write([(byte)(existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted)]);
        }

        Answer(writer, PacketType.Unsuback, version, packet.PacketId, codes);
        return ReasonCode.Success;
    }

    private static ReasonCode Subscribe(in FilterEntry entry, Session session, BrokerState broker)
    {
        byte[] filter = entry.Filter.ToArray();
        if (!TopicFilter.IsValid(filter))
            return ReasonCode.TopicFilterInvalid;
        if (TopicFilter.IsShared(filter))
            return ReasonCode.SharedSubscriptionsNotSupported;
        if (filter.AsSpan().Count((byte)'/') >= SubscriptionTree.MaxLevels)
            return ReasonCode.ImplementationSpecificError;

        bool known = session.IsSubscribed(filter);
        if (!known && session.SubscriptionCount >= broker.Options.MaxSubscriptionsPerSession)
            return ReasonCode.QuotaExceeded;

        int qos = Math.Min(entry.Options.Qos, Connection.MaximumQos);
        var granted = new SubscriptionOptions(qos, entry.Options.NoLocal, entry.Options.RetainAsPublished, entry.Options.RetainHandling);

        // Entered before the store is read: a message retained in between comes twice rather than never.
        session.Subscribe(broker.Subscriptions, filter, granted);
        if (WantsRetained(granted.RetainHandling, known) && !SendRetained(filter, qos, session, broker))
        {
            session.Unsubscribe(broker.Subscriptions, filter);
            return ReasonCode.QuotaExceeded;
        }

        return (ReasonCode)qos;
    }

    // [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]
    private static bool WantsRetained(RetainHandling handling, bool known) =>
        handling == RetainHandling.Send || (handling == RetainHandling.SendIfNew && !known);

    private static bool SendRetained(ReadOnlySpan<byte> filter, int qos, Session session, BrokerState broker)
    {
        var messages = new List<Message>();
        broker.Retained.Find(filter, messages);
        return session.Outgoing.TryEnqueueRetained(messages, qos);
    }

    private static void Answer(ConnectionWriter writer, PacketType type, ProtocolVersion version, ushort packetId, ArrayBufferWriter<byte> codes)
    {
        var packet = new SubackPacket { Type = type, PacketId = packetId, ReasonCodes = new ReadOnlySequence<byte>(codes.WrittenMemory) };
        writer.Answer(new VersionedSuback(packet, version), static (output, answer) => answer.Packet.Write(output, answer.Version));
    }

    private readonly ref struct VersionedSuback(SubackPacket packet, ProtocolVersion version)
    {
        public SubackPacket Packet { get; } = packet;

        public ProtocolVersion Version { get; } = version;
    }
}
