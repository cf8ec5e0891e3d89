using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>Leads exchanges on: PUBACK, PUBREC and PUBCOMP of what was delivered, PUBREL of what was received.</summary>
/// <remarks>Touched only by the connection's read loop. A change of a journaled session is journaled in the same batch.</remarks>
internal sealed class ExchangeDesk(BrokerState broker, IntakeBatch batch, AckQueue acks)
{
    /// <summary>Why a packet was answered with <see cref="Step.Close"/>.</summary>
    public ReasonCode CloseReason { get; private set; }

    public Step Handle(in Frame frame, Session session, ProtocolVersion version)
    {
        ReadStatus status = AckPacket.TryRead(frame, version, out AckPacket packet);
        if (status != ReadStatus.Complete)
        {
            CloseReason = status.ToReasonCode();
            return Step.Close;
        }

        // PUBREL and PUBREC are answered in turn.
        if (frame.Type is PacketType.Pubrel or PacketType.Pubrec && acks.IsFull)
            return Step.WaitForRoom;

        if (session.IsJournaled)
            batch.Open();
        return frame.Type switch
        {
            PacketType.Puback => Finish(session, packet.PacketId, InflightState.AwaitsPuback),
            PacketType.Pubcomp => Finish(session, packet.PacketId, InflightState.AwaitsPubcomp),
            // [MQTT-4.3.3-6] a refusal ends the exchange.
            PacketType.Pubrec when packet.ReasonCode >= ReasonCode.UnspecifiedError => Finish(session, packet.PacketId, InflightState.AwaitsPubrec),
            PacketType.Pubrec => Received(session, packet.PacketId, version),
            _ => Released(session, packet.PacketId, version),
        };
    }

    // A PUBACK with a reason of failure ends the exchange as well: the receiver will not take the message.
    private Step Finish(Session session, ushort packetId, InflightState state)
    {
        if (session.Outgoing.Acknowledge(packetId, state))
        {
            broker.SessionJournal.Acknowledged(session, packetId);
            batch.SignalWriter();
        }

        return Step.Next;
    }

    private Step Received(Session session, ushort packetId, ProtocolVersion version)
    {
        if (!session.Outgoing.Receive(packetId))
            return Answer(PacketType.Pubrel, packetId, version, ReasonCode.PacketIdentifierNotFound, PendingAck.Immediate);

        return broker.SessionJournal.Received(session, packetId, out long position) == AcceptOutcome.Accepted
            ? Answer(PacketType.Pubrel, packetId, version, ReasonCode.Success, position)
            : Step.WaitForStore;
    }

    private Step Released(Session session, ushort packetId, ProtocolVersion version)
    {
        if (!session.Incoming.TryGet(packetId, out _))
            return Answer(PacketType.Pubcomp, packetId, version, ReasonCode.PacketIdentifierNotFound, PendingAck.Immediate);

        // Before PUBCOMP it must be durable that the id is free: the client may use it for another message at once.
        if (broker.SessionJournal.Released(session, packetId, out long position) != AcceptOutcome.Accepted)
            return Step.WaitForStore;

        session.Incoming.Release(packetId);
        return Answer(PacketType.Pubcomp, packetId, version, ReasonCode.Success, position);
    }

    private Step Answer(PacketType type, ushort packetId, ProtocolVersion version, ReasonCode reason, long position)
    {
        batch.Acknowledge(new PendingAck(position, packetId, type, version == ProtocolVersion.V5 ? reason : ReasonCode.Success));
        return Step.Next;
    }
}
