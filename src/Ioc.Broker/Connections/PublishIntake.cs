using System.Buffers;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Connections;

/// <summary>Takes a connection's publishes into the journal, one batch per read, and finds who wants them.</summary>
/// <remarks>Touched only by the connection's read loop.</remarks>
internal sealed class PublishIntake(BrokerState broker, ConnectionWriter writer)
{
    // Holds nearly every topic and header; longer ones are rented or copied.
    private const int StackBytes = 512;

    private readonly DeliveryBatch _deliveries = new(broker.Subscriptions);
    private bool _open;
    private int _accepted;
    private long _firstPosition = -1;
    private bool _refused;

    /// <summary>Why a publish was answered with <see cref="Step.Close"/>.</summary>
    public ReasonCode CloseReason { get; private set; }

    /// <summary>Takes one PUBLISH. Opens a batch that <see cref="EndBatch"/> must close on the same thread.</summary>
    public Step Accept(in Frame frame, Session session, ProtocolVersion version)
    {
        ReadStatus status = PublishPacket.TryRead(frame, version, out PublishPacket packet);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());
        if (packet.Qos > Connection.MaximumQos)
            return Close(ReasonCode.QosNotSupported); // [MQTT-3.2.2-11]

        if (packet.Properties.RawBytes > 0)
        {
            // We announce no alias maximum, so any alias is beyond it. [MQTT-3.3.4-6]: a client never sends subscription identifiers.
            if (packet.Properties.TryGetNumber(PropertyId.TopicAlias, out _))
                return Close(ReasonCode.TopicAliasInvalid);
            if (packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out _))
                return Close(ReasonCode.ProtocolError);
        }

        if (packet.Qos > 0 && writer.Acks.IsFull)
        {
            // [MQTT-3.3.4-9] a 5.0 client was told its window; a 3.1.1 client cannot know it and waits unread.
            return version == ProtocolVersion.V5 ? Close(ReasonCode.ReceiveMaximumExceeded) : Step.WaitForRoom;
        }

        return Accept(packet, session, version);
    }

    /// <summary>Takes a last will, as a batch of its own. No acknowledgement: nobody is there to get it.</summary>
    public void AcceptWill(WillMessage will)
    {
        PublishHeader.TryRead(will.Header, out PublishHeader header);
        var payload = new ReadOnlySequence<byte>(will.Payload);
        try
        {
            Count(Offer(header, will.Header, payload, publisher: null, out _));
        }
        finally
        {
            EndBatch();
        }
    }

    /// <summary>Closes the batch, if one is open, then hands deliveries over and has acknowledgements sent.</summary>
    public void EndBatch()
    {
        if (_open)
        {
            _open = false;
            broker.Handler.EndBatch();
        }

        _deliveries.Flush();
        if (_accepted > 0)
            broker.Counters.AddReceived(_accepted);
        if (_refused)
            writer.Signal();
        if (_firstPosition >= 0)
            broker.Acks.Register(writer, _firstPosition);

        _accepted = 0;
        _refused = false;
        _firstPosition = -1;
    }

    private Step Accept(in PublishPacket packet, Session session, ProtocolVersion version)
    {
        Span<byte> gathered = stackalloc byte[StackBytes];
        ReadOnlySpan<byte> topic = Contiguous(packet.Topic, gathered);
        if (TopicName.IsSystem(topic))
        {
            broker.Counters.Refused(Refusal.SystemTopic);
            // A 3.1.1 client cannot be told: it gets its PUBACK and nothing happens, as [MQTT-3.3.5-2] allows.
            Acknowledge(packet, version == ProtocolVersion.V5 ? ReasonCode.NotAuthorized : ReasonCode.Success, PendingAck.Immediate);
            return Step.Next;
        }

        var header = new PublishHeader
        {
            Topic = topic,
            ClientId = session.ClientId.Span,
            UserName = session.UserName.Span,
            Properties = Contiguous(packet.Properties.Raw, default),
            Qos = (byte)packet.Qos,
            Retain = packet.Retain,
            Dup = packet.Dup,
            Version = version,
            PacketId = packet.PacketId,
        };

        byte[]? rented = header.EncodedBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(header.EncodedBytes) : null;
        Span<byte> encoded = rented is null ? stackalloc byte[StackBytes] : rented;
        AcceptOutcome outcome = Offer(header, encoded[..header.Write(encoded)], packet.Payload, session, out long position);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        if (outcome == AcceptOutcome.Accepted)
        {
            Acknowledge(packet, ReasonCode.Success, position);
            return Step.Next;
        }

        return Refuse(packet, outcome, version);
    }

    private AcceptOutcome Offer(in PublishHeader header, ReadOnlySpan<byte> encoded, in ReadOnlySequence<byte> payload, Session? publisher, out long position)
    {
        if (!_open)
        {
            broker.Handler.BeginBatch();
            _open = true;
        }

        AcceptOutcome outcome = broker.Handler.TryAccept(encoded, payload, out position);
        if (outcome != AcceptOutcome.Accepted)
            return outcome;

        _accepted++;
        if (header.Retain)
            broker.Retained.Set(header, payload);
        _deliveries.Add(header, payload, publisher);
        return outcome;
    }

    // QoS 0 is lost, and counted. QoS 1 is told to a 5.0 client; a 3.1.1 client cannot be told, so its packet stays unread until there is room.
    private Step Refuse(in PublishPacket packet, AcceptOutcome outcome, ProtocolVersion version)
    {
        if (packet.Qos > 0 && version != ProtocolVersion.V5)
            return Step.WaitForStore;

        Count(outcome);
        ReasonCode reason = outcome == AcceptOutcome.QuotaExceeded ? ReasonCode.QuotaExceeded : ReasonCode.ImplementationSpecificError;
        Acknowledge(packet, reason, PendingAck.Immediate);
        return Step.Next;
    }

    private void Acknowledge(in PublishPacket packet, ReasonCode reason, long position)
    {
        if (packet.Qos == 0)
            return;

        writer.Acks.Enqueue(new PendingAck(packet.PacketId, reason, position));
        if (position == PendingAck.Immediate)
            _refused = true;
        else if (_firstPosition < 0)
            _firstPosition = position;
    }

    private void Count(AcceptOutcome outcome)
    {
        if (outcome != AcceptOutcome.Accepted)
            broker.Counters.Refused(outcome == AcceptOutcome.QuotaExceeded ? Refusal.QuotaExceeded : Refusal.Unavailable);
    }

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

/// <summary>What the read loop does after a frame.</summary>
internal enum Step
{
    /// <summary>Done with this frame.</summary>
    Next,

    /// <summary>The frame has not arrived whole.</summary>
    NeedBytes,

    /// <summary>The frame stays unread until acknowledgements or answers have left.</summary>
    WaitForRoom,

    /// <summary>The frame stays unread until the journal takes messages again.</summary>
    WaitForStore,

    /// <summary>The connection ends.</summary>
    Close,
}
