using System.Buffers;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Connections;

/// <summary>Takes a connection's publishes into the journal.</summary>
/// <remarks>Touched only by the connection's read loop.</remarks>
internal sealed class PublishIntake(BrokerState broker, IntakeBatch batch, AckQueue acks)
{
    // Holds nearly every topic and header; longer ones are rented or copied.
    private const int StackBytes = 512;

    private const int AliasPropertyBytes = 3;

    private TopicAliases? _aliases;

    /// <summary>Why a publish was answered with <see cref="Step.Close"/>.</summary>
    public ReasonCode CloseReason { get; private set; }

    /// <summary>Takes one PUBLISH.</summary>
    public Step Accept(in Frame frame, Session session, ProtocolVersion version)
    {
        ReadStatus status = PublishPacket.TryRead(frame, version, out PublishPacket packet);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        if (packet.Qos > 0)
        {
            // [MQTT-3.3.4-7], [MQTT-3.3.4-9] a 5.0 client was told its window; a 3.1.1 client cannot know it and waits unread.
            bool known = packet.Qos == 2 && session.Incoming.TryGet(packet.PacketId, out _);
            if (version == ProtocolVersion.V5 && !known && acks.PubackCount + session.Incoming.Count >= broker.Options.ReceiveMaximum)
                return Close(ReasonCode.ReceiveMaximumExceeded);
            if (packet.Qos == 2 && !known && session.Incoming.Count >= broker.Options.MaxUnreleased)
                return Close(ReasonCode.QuotaExceeded);
            if (acks.IsFull)
                return Step.WaitForRoom;
        }

        return Accept(packet, session, version);
    }

    private Step Accept(in PublishPacket packet, Session session, ProtocolVersion version)
    {
        Span<byte> gathered = stackalloc byte[StackBytes];
        scoped ReadOnlySpan<byte> topic = Contiguous(packet.Topic, gathered);
        scoped ReadOnlySpan<byte> properties = Contiguous(packet.Properties.Raw, default);
        Span<byte> stripped = properties.Length <= StackBytes ? stackalloc byte[StackBytes] : new byte[properties.Length];
        if (!properties.IsEmpty)
        {
            ReasonCode outcome = ResolveAlias(packet, topic, properties, out int aliasAt, out byte[]? aliased);
            if (outcome != ReasonCode.Success)
                return Close(outcome);

            if (aliased is not null)
                topic = aliased;
            if (aliasAt >= 0)
                properties = WithoutAlias(properties, aliasAt, stripped);
        }

        if (IsReserved(topic))
        {
            broker.Counters.Refused(Refusal.SystemTopic);
            return Deny(packet, ReasonCode.NotAuthorized, version);
        }

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
            Version = version,
            PacketId = packet.PacketId,
        };

        byte[]? rented = header.EncodedBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(header.EncodedBytes) : null;
        Span<byte> encoded = rented is null ? stackalloc byte[StackBytes] : rented;
        AcceptOutcome accepted = batch.Accept(header, encoded[..header.Write(encoded)], packet.Payload, session, out long position);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        return accepted == AcceptOutcome.Accepted ? Acknowledge(packet, session, position) : Refuse(packet, accepted, version);
    }

    // An alias belongs to this connection: it is put down here, and what goes on bears the topic.
    private ReasonCode ResolveAlias(in PublishPacket packet, scoped ReadOnlySpan<byte> topic, scoped ReadOnlySpan<byte> properties, out int aliasAt, out byte[]? aliased)
    {
        aliased = null;
        aliasAt = -1;
        if (packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out _))
            return ReasonCode.ProtocolError; // [MQTT-3.3.4-6]
        if (!PropertySpan.TryFind(properties, PropertyId.TopicAlias, out int at, out uint alias))
            return ReasonCode.Success;

        aliasAt = at;
        _aliases ??= new TopicAliases(broker.Options.TopicAliasMaximum);
        if (!_aliases.IsAllowed(alias))
            return ReasonCode.TopicAliasInvalid;

        if (!topic.IsEmpty)
        {
            _aliases.Set(alias, topic);
            return ReasonCode.Success;
        }

        aliased = _aliases.Get(alias);
        return aliased is null ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    private static ReadOnlySpan<byte> WithoutAlias(ReadOnlySpan<byte> properties, int at, Span<byte> into)
    {
        properties[..at].CopyTo(into);
        properties[(at + AliasPropertyBytes)..].CopyTo(into[at..]);
        return into[..(properties.Length - AliasPropertyBytes)];
    }

    // [MQTT-4.7.2-1] the server's own topics are not for clients to write, and a shared filter is no topic.
    public static bool IsReserved(ReadOnlySpan<byte> topic) =>
        TopicName.IsSystem(topic) && (topic.SequenceEqual("$SYS"u8) || topic.StartsWith("$SYS/"u8) || topic.StartsWith("$share/"u8));

    private Step Acknowledge(in PublishPacket packet, Session session, long position)
    {
        if (packet.Qos == 2)
            session.Incoming.Add(packet.PacketId, position);
        if (packet.Qos > 0)
            batch.Acknowledge(new PendingAck(position, packet.PacketId, AckOf(packet.Qos), ReasonCode.Success));
        return Step.Next;
    }

    // QoS 0 is lost, and counted. Others are told to a 5.0 client; a 3.1.1 client cannot be told, so its packet stays unread until there is room.
    private Step Refuse(in PublishPacket packet, AcceptOutcome outcome, ProtocolVersion version)
    {
        if (packet.Qos > 0 && version != ProtocolVersion.V5)
            return Step.WaitForStore;

        bool quota = outcome == AcceptOutcome.QuotaExceeded;
        broker.Counters.Refused(quota ? Refusal.QuotaExceeded : Refusal.Unavailable);
        return Deny(packet, quota ? ReasonCode.QuotaExceeded : ReasonCode.ImplementationSpecificError, version);
    }

    // A 3.1.1 client cannot be told: it gets its acknowledgement and nothing happens, as [MQTT-3.3.5-2] allows.
    private Step Deny(in PublishPacket packet, ReasonCode reason, ProtocolVersion version)
    {
        if (packet.Qos > 0)
            batch.Acknowledge(new PendingAck(PendingAck.Immediate, packet.PacketId, AckOf(packet.Qos), version == ProtocolVersion.V5 ? reason : ReasonCode.Success));
        return Step.Next;
    }

    private static PacketType AckOf(int qos) => qos == 1 ? PacketType.Puback : PacketType.Pubrec;

    private static ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> bytes, Span<byte> gather)
    {
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan;
        if (bytes.Length > gather.Length)
            return bytes.ToArray();

        bytes.CopyTo(gather);
        return gather[..(int)bytes.Length];
    }

    private Step Close(ReasonCode reason)
    {
        CloseReason = reason;
        return Step.Close;
    }
}
