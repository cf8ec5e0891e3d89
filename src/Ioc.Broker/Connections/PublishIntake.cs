using System.Buffers;
using Ioc.Broker.Access;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Connections;

/// <summary>Takes a connection's publishes into the journal.</summary>
/// <remarks>Touched only by the connection's read loop.</remarks>
internal sealed class PublishIntake(BrokerState broker, IntakeBatch batch, AckQueue acks, ClientAccess access)
{
    // Holds nearly every topic and header; longer ones are rented or copied.
    private const int StackBytes = 512;

    private TopicAliases? _aliases;

    /// <summary>Why a publish was answered with <see cref="Step.Close"/>.</summary>
    public ReasonCode CloseReason { get; private set; }

    /// <summary>Takes one PUBLISH.</summary>
    public Step Accept(in Frame frame, Session session, ProtocolVersion version)
    {
        ReadStatus status = PublishView.TryRead(frame, version, out PublishView packet);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        if (packet.Qos > 0)
        {
            // [MQTT-3.3.4-7], [MQTT-3.3.4-9] a 5.0 client was told its window; a 3.1.1 client cannot know it and waits unread.
            bool known = packet.Qos == 2 && session.Incoming.TryGet(packet.PacketId, out _);
            if (version == ProtocolVersion.V5 && !known && acks.PubackCount + session.Incoming.Count >= access.ReceiveMaximum)
                return Close(ReasonCode.ReceiveMaximumExceeded);
            if (packet.Qos == 2 && !known && session.Incoming.Count >= broker.Options.MaxUnreleased)
                return Close(ReasonCode.QuotaExceeded);
            if (acks.IsFull)
                return Step.WaitForRoom;
        }

        return packet.Properties.Raw.IsEmpty
            ? Accept(frame, packet, packet.Topic, default, session, version)
            : AcceptWithProperties(frame, packet, session, version);
    }

    // An alias belongs to this connection: it is put down here, and what goes on bears the topic.
    private Step AcceptWithProperties(in Frame frame, in PublishView packet, Session session, ProtocolVersion version)
    {
        if (packet.Properties.Contains(PropertyId.SubscriptionIdentifier))
            return Close(ReasonCode.ProtocolError); // [MQTT-3.3.4-6]
        if (!packet.Properties.TryGetNumber(PropertyId.TopicAlias, out uint alias))
            return Accept(frame, packet, packet.Topic, packet.Properties.Raw, session, version);

        _aliases ??= new TopicAliases(broker.Options.TopicAliasMaximum);
        if (!_aliases.IsAllowed(alias))
            return Close(ReasonCode.TopicAliasInvalid);

        if (!packet.Topic.IsEmpty)
            _aliases.Set(alias, packet.Topic);
        if (_aliases.Get(alias) is not { } topic)
            return Close(ReasonCode.ProtocolError); // the alias was never set

        int length = packet.Properties.Raw.Length;
        Span<byte> others = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        int kept = packet.Properties.CopyTo(others, without: PropertyId.TopicAlias);
        return Accept(frame, packet, topic, others[..kept], session, version);
    }

    private Step Accept(in Frame frame, in PublishView packet, scoped ReadOnlySpan<byte> topic, scoped ReadOnlySpan<byte> properties, Session session, ProtocolVersion version)
    {
        if (Judge(topic) is { } refusal)
            return Forbid(packet, refusal, version);

        // [MQTT-4.3.3-10] the same message again: it is in the journal already.
        if (packet.Qos == 2 && session.Incoming.TryGet(packet.PacketId, out long first))
        {
            batch.Acknowledge(new PendingAck(first, packet.PacketId, PacketType.Pubrec, ReasonCode.Success));
            return Step.Next;
        }

        var header = new PublishHeader
        {
            Topic = topic,
            ClientId = session.ClientId.Span,
            UserName = session.UserName.Span,
            Properties = properties,
            Qos = (byte)packet.Qos,
            Retain = packet.Retain,
            Dup = packet.Dup,
            Held = packet.Qos == 2 && session.IsJournaled,
            Version = version,
            PacketId = packet.PacketId,
        };

        byte[]? rented = header.EncodedBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(header.EncodedBytes) : null;
        Span<byte> encoded = rented is null ? stackalloc byte[StackBytes] : rented;
        AcceptOutcome accepted = batch.Accept(header, encoded[..header.Write(encoded)], packet.PayloadIn(frame), session, out long position);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        return accepted == AcceptOutcome.Accepted ? Acknowledge(packet, session, position) : Refuse(packet, accepted, version);
    }

    private Refusal? Judge(ReadOnlySpan<byte> topic) =>
        IsReserved(topic) ? Refusal.SystemTopic
        : !broker.Access.Limits.Allow(topic) ? Refusal.TopicInvalid
        : !access.Rights.MayPublish(topic) ? Refusal.PublishNotAuthorized
        : null;

    // A 3.1.1 client cannot be told; where it is to notice, its connection ends.
    private Step Forbid(in PublishView packet, Refusal refusal, ProtocolVersion version)
    {
        broker.Counters.Refused(refusal, access.Who);
        ReasonCode reason = refusal == Refusal.TopicInvalid ? ReasonCode.TopicNameInvalid : ReasonCode.NotAuthorized;
        bool silent = packet.Qos == 0 || version != ProtocolVersion.V5;
        return silent && refusal == Refusal.PublishNotAuthorized && broker.Access.DeniedPublish == DeniedPublish.Close
            ? Close(ReasonCode.Success)
            : Deny(packet, reason, version);
    }

    // [MQTT-4.7.2-1] the server's own topics are not for clients to write, and a shared filter is no topic.
    public static bool IsReserved(ReadOnlySpan<byte> topic) =>
        TopicName.IsSystem(topic) && (topic.SequenceEqual("$SYS"u8) || topic.StartsWith("$SYS/"u8) || topic.StartsWith("$share/"u8));

    private Step Acknowledge(in PublishView packet, Session session, long position)
    {
        if (packet.Qos == 2)
            session.Incoming.Add(packet.PacketId, position);
        if (packet.Qos > 0)
            batch.Acknowledge(new PendingAck(position, packet.PacketId, AckOf(packet.Qos), ReasonCode.Success));
        return Step.Next;
    }

    // QoS 0 is lost, and counted. Others are told to a 5.0 client; a 3.1.1 client cannot be told, so its packet stays unread until there is room.
    private Step Refuse(in PublishView packet, AcceptOutcome outcome, ProtocolVersion version)
    {
        if (packet.Qos > 0 && version != ProtocolVersion.V5)
            return Step.WaitForStore;

        bool quota = outcome == AcceptOutcome.QuotaExceeded;
        broker.Counters.Refused(quota ? Refusal.QuotaExceeded : Refusal.Unavailable, access.Who);
        return Deny(packet, quota ? ReasonCode.QuotaExceeded : ReasonCode.ImplementationSpecificError, version);
    }

    // A 3.1.1 client cannot be told: it gets its acknowledgement and nothing happens, as [MQTT-3.3.5-2] allows.
    private Step Deny(in PublishView packet, ReasonCode reason, ProtocolVersion version)
    {
        if (packet.Qos > 0)
            batch.Acknowledge(new PendingAck(PendingAck.Immediate, packet.PacketId, AckOf(packet.Qos), version == ProtocolVersion.V5 ? reason : ReasonCode.Success));
        return Step.Next;
    }

    private static PacketType AckOf(int qos) => qos == 1 ? PacketType.Puback : PacketType.Pubrec;

    private Step Close(ReasonCode reason)
    {
        CloseReason = reason;
        return Step.Close;
    }
}
