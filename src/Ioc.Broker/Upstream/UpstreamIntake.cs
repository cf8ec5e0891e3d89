using System.Buffers;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Upstream;

/// <summary>Takes what another broker delivers into the journal, one batch per read, and owes it the acknowledgements.</summary>
/// <remarks>Touched only by the connection's read loop.</remarks>
internal sealed class UpstreamIntake(UpstreamModel model, IPublishHandler handler, UpstreamSession session, bool sessionPresent, UpstreamWriter writer, UpstreamState state)
{
    // Holds nearly every topic and header; longer ones are rented or copied.
    private const int StackBytes = 512;

    // A 3.1.1 broker was not told our window. A session that was kept may be fuller than it: ours was larger before, or, as mosquitto
    // 2.0 does, all that waited was put in flight while we were away. Both are read as fast as replies leave instead.
    private readonly bool _mustKeepWindow = model.Version == ProtocolVersion.V5 && !sessionPresent;

    private readonly TopicAliases _aliases = new();
    private readonly PacketIdSet _openQos2 = new(); // those begun on this connection
    private long _openedCount;
    private bool _batchOpen;
    private int _accepted;

    /// <summary>What is wrong, after <see cref="UpstreamStep.End"/>.</summary>
    public ReasonCode EndReason { get; private set; }

    /// <summary>Why the journal takes nothing, after <see cref="UpstreamStep.WaitForStore"/>.</summary>
    public AcceptOutcome Refusal { get; private set; }

    /// <summary>Takes one PUBLISH. Opens a batch that <see cref="EndBatch"/> must close on the same thread.</summary>
    public UpstreamStep Publish(in Frame frame)
    {
        ReadStatus status = PublishPacket.TryRead(frame, model.Version, out PublishPacket packet);
        if (status != ReadStatus.Complete)
            return End(status.ToReasonCode());

        if (packet.Qos > 0)
        {
            bool again = packet.Qos == 2 && _openQos2.Contains(packet.PacketId);
            // [MQTT-3.3.4-9]
            if (_mustKeepWindow && !again && _openedCount - writer.ClosedCount >= model.Config.ReceiveMaximum)
                return End(ReasonCode.ReceiveMaximumExceeded);
            if (writer.Replies.IsFull)
                return UpstreamStep.WaitForRoom;
        }

        Span<byte> gathered = stackalloc byte[StackBytes];
        if (!TryResolveTopic(packet, gathered, out ReadOnlySpan<byte> topic, out bool hasAlias))
            return End(ReasonCode.TopicAliasInvalid);

        // [MQTT-4.3.3-10] (5.0), figure 4.3 (3.1.1): until PUBREL the same id is the same message.
        if (packet.Qos < 2 || !session.Received.Contains(packet.PacketId))
        {
            ReadOnlySpan<byte> properties = hasAlias ? WithoutAlias(packet.Properties) : Contiguous(packet.Properties.Raw, default);
            AcceptOutcome outcome = Offer(packet, topic, properties);
            if (outcome != AcceptOutcome.Accepted)
            {
                Refusal = outcome;
                return UpstreamStep.WaitForStore;
            }
        }

        Owe(packet);
        return UpstreamStep.Next;
    }

    /// <summary>Takes one PUBREL: the exchange is over, and its id may name another message.</summary>
    public UpstreamStep Release(in Frame frame)
    {
        ReadStatus status = AckPacket.TryRead(frame, model.Version, out AckPacket ack);
        if (status != ReadStatus.Complete)
            return End(status.ToReasonCode());
        if (writer.Replies.IsFull)
            return UpstreamStep.WaitForRoom;

        // Not an error: after our restart nobody remembers the exchange, and its message is in the journal.
        bool known = session.Received.Remove(ack.PacketId);
        bool closes = _openQos2.Remove(ack.PacketId);
        ReasonCode reason = known || model.Version != ProtocolVersion.V5 ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
        writer.Replies.Enqueue(new PendingReply(PacketType.Pubcomp, ack.PacketId, reason, PendingReply.Immediate, closes));
        return UpstreamStep.Next;
    }

    /// <summary>Closes the batch, if one is open, and has what is owed sent.</summary>
    public void EndBatch()
    {
        if (_batchOpen)
        {
            _batchOpen = false;
            handler.EndBatch();
        }

        state.AddReceived(_accepted);
        _accepted = 0;
        writer.Wake();
    }

    private AcceptOutcome Offer(in PublishPacket packet, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties)
    {
        var header = new PublishHeader
        {
            Topic = topic,
            ClientId = model.ClientId,
            UserName = model.UserName,
            Properties = properties,
            Source = model.Source,
            Qos = (byte)packet.Qos,
            // We do not ask for the flag as published, so it means: kept there from before. A shared subscription never gets those.
            RetainedDelivery = packet.Retain,
            Upstream = true,
            Dup = packet.Dup,
            Version = model.Version,
            PacketId = packet.PacketId,
        };

        if (!_batchOpen)
        {
            handler.BeginBatch();
            _batchOpen = true;
        }

        byte[]? rented = header.EncodedBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(header.EncodedBytes) : null;
        Span<byte> encoded = rented is null ? stackalloc byte[StackBytes] : rented;
        AcceptOutcome outcome = handler.TryAccept(encoded[..header.Write(encoded)], packet.Payload, out long position);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        if (outcome == AcceptOutcome.Accepted)
        {
            session.LastPosition = position;
            _accepted++;
        }

        return outcome;
    }

    private void Owe(in PublishPacket packet)
    {
        if (packet.Qos == 1)
        {
            _openedCount++;
            writer.Replies.Enqueue(new PendingReply(PacketType.Puback, packet.PacketId, ReasonCode.Success, session.LastPosition, Closes: true));
        }
        else if (packet.Qos == 2)
        {
            session.Received.Add(packet.PacketId);
            if (_openQos2.Add(packet.PacketId))
                _openedCount++;
            writer.Replies.Enqueue(new PendingReply(PacketType.Pubrec, packet.PacketId, ReasonCode.Success, session.LastPosition, Closes: false));
        }
    }

    private bool TryResolveTopic(in PublishPacket packet, Span<byte> gather, out ReadOnlySpan<byte> topic, out bool hasAlias)
    {
        topic = Contiguous(packet.Topic, gather);
        uint alias = 0;
        hasAlias = packet.Properties.RawBytes > 0 && packet.Properties.TryGetNumber(PropertyId.TopicAlias, out alias);
        if (!hasAlias)
            return true;

        // [MQTT-3.1.2-26] an alias beyond what we announced.
        return topic.IsEmpty ? _aliases.TryGet(alias, out topic) : _aliases.TrySet(alias, packet.Topic);
    }

    // An alias means something on this connection only, the journal keeps longer.
    private static ReadOnlySpan<byte> WithoutAlias(in PropertyList properties)
    {
        const int aliasBytes = 3;
        if (properties.RawBytes == aliasBytes)
            return default;

        var kept = new PropertyBuilder();
        foreach (Property property in properties)
        {
            if (property.Id != PropertyId.TopicAlias)
                kept.Add(property);
        }

        return Contiguous(kept.List.Raw, default);
    }

    private static ReadOnlySpan<byte> Contiguous(scoped in ReadOnlySequence<byte> bytes, Span<byte> gather)
    {
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan;
        if (bytes.Length > gather.Length)
            return bytes.ToArray();

        bytes.CopyTo(gather);
        return gather[..(int)bytes.Length];
    }

    private UpstreamStep End(ReasonCode reason)
    {
        EndReason = reason;
        return UpstreamStep.End;
    }
}

/// <summary>What the read loop does after a frame.</summary>
internal enum UpstreamStep
{
    /// <summary>Done with this frame.</summary>
    Next,

    /// <summary>The frame has not arrived whole.</summary>
    NeedBytes,

    /// <summary>The frame stays unread until replies have left.</summary>
    WaitForRoom,

    /// <summary>The frame stays unread until the journal takes messages again.</summary>
    WaitForStore,

    /// <summary>The connection ends.</summary>
    End,
}
