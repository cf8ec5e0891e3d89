using System.Buffers;
using Ioc.Broker.Access;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Connections;

/// <summary>Answers SUBSCRIBE and UNSUBSCRIBE. Success, or the reason to end the connection, is returned.</summary>
/// <remarks>Touched only by the connection's read loop. Works inside the batch, so that a subscription takes what stands behind it in the journal.</remarks>
internal sealed class SubscriptionDesk(BrokerState broker, IntakeBatch batch, ConnectionWriter writer, ClientAccess access)
{
    private long _after;

    public ReasonCode Subscribe(in Frame frame, Session session, ClientLimits client)
    {
        ReadStatus status = SubscribePacket.TryRead(frame, client.Version, out SubscribePacket packet);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();

        packet.Properties.TryGetNumber(PropertyId.SubscriptionIdentifier, out uint identifier);
        int filters = 0;
        foreach (FilterEntry entry in packet.Filters)
        {
            filters++;
            if (entry.Options.NoLocal && TopicFilter.IsShared(entry.Filter.ToArray()))
                return ReasonCode.ProtocolError; // [MQTT-3.8.3-4]
        }

        if (AnswerBytes(filters) > client.MaxPacketBytes)
            return ReasonCode.PacketTooLarge;

        _after = SessionJournal.Nothing;
        var codes = new ArrayBufferWriter<byte>();
        foreach (FilterEntry entry in packet.Filters)
        {
            // A batch for each: the search for retained messages may be long, and all others wait meanwhile.
            batch.Open();
            bool tooMany = codes.WrittenCount >= access.MaxSubscriptions;
            codes.Write([(byte)(tooMany ? ReasonCode.QuotaExceeded : Subscribe(entry, identifier, session))]);
            batch.Close();
        }

        // Retained messages wait in the session's queue, so SUBACK leaves first.
        Answer(PacketType.Suback, client, packet.PacketId, codes);
        return ReasonCode.Success;
    }

    public ReasonCode Unsubscribe(in Frame frame, Session session, ClientLimits client)
    {
        ReadStatus status = UnsubscribePacket.TryRead(frame, client.Version, out UnsubscribePacket packet);
        if (status != ReadStatus.Complete)
            return status.ToReasonCode();

        int filters = 0;
        foreach (FilterEntry _ in packet.Filters)
            filters++;
        if (AnswerBytes(filters) > client.MaxPacketBytes)
            return ReasonCode.PacketTooLarge;

        batch.Open();
        _after = SessionJournal.Nothing;
        var codes = new ArrayBufferWriter<byte>();
        foreach (FilterEntry entry in packet.Filters)
            codes.Write([(byte)Unsubscribe(entry.Filter.ToArray(), session)]);

        Answer(PacketType.Unsuback, client, packet.PacketId, codes);
        return ReasonCode.Success;
    }

    private ReasonCode Subscribe(in FilterEntry entry, uint identifier, Session session)
    {
        byte[] filter = entry.Filter.ToArray();
        ReasonCode judged = Judge(filter, session, out bool known);
        if (judged != ReasonCode.Success)
            return judged;

        SubscriptionOptions granted = entry.Options;
        if (broker.SessionJournal.Subscribed(session, filter, granted, identifier, out long position) != AcceptOutcome.Accepted)
            return ReasonCode.QuotaExceeded;

        _after = Math.Max(_after, position);
        session.Subscribe(broker.Subscriptions, filter, granted, identifier);
        if (!RetainedAnswer.TrySend(filter, granted, identifier, known, session, broker.Retained, broker.Time.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            // One that was there before stays: only its retained messages do not come again.
            if (!known)
                Unsubscribe(filter, session);
            return ReasonCode.QuotaExceeded;
        }

        broker.Sessions.Changed();
        return (ReasonCode)granted.Qos;
    }

    private ReasonCode Judge(ReadOnlySpan<byte> filter, Session session, out bool known)
    {
        known = session.IsSubscribed(filter);
        if (!IsValid(filter) || !broker.Access.Limits.Allow(filter))
        {
            broker.Counters.Refused(Refusal.TopicInvalid, access.Who);
            return ReasonCode.TopicFilterInvalid;
        }

        if (!access.Rights.MaySubscribe(filter))
        {
            broker.Counters.Refused(Refusal.SubscribeNotAuthorized, access.Who);
            return ReasonCode.NotAuthorized;
        }

        if (broker.RefusedFilters.Contains(filter))
            return ReasonCode.UnspecifiedError;
        return !known && (session.SubscriptionCount >= access.MaxSubscriptions || !broker.Sessions.Room.HasRoomFor(Session.BytesOf(filter))) ? ReasonCode.QuotaExceeded : ReasonCode.Success;
    }

    // [MQTT-4.8.2-1], [MQTT-4.8.2-2] a share name is at least one character, without wildcards, and a filter follows.
    private static bool IsValid(ReadOnlySpan<byte> filter)
    {
        if (TopicFilter.IsShared(filter))
        {
            ReadOnlySpan<byte> group = SubscriptionTree.TakeGroup(ref filter);
            if (group.IsEmpty || TopicFilter.HasWildcard(group))
                return false;
        }

        return TopicFilter.IsValid(filter) && filter.Count((byte)'/') < SubscriptionTree.MaxLevels;
    }

    private ReasonCode Unsubscribe(byte[] filter, Session session)
    {
        if (!session.IsSubscribed(filter))
            return ReasonCode.NoSubscriptionExisted;
        if (broker.SessionJournal.Unsubscribed(session, filter, out long position) != AcceptOutcome.Accepted)
            return ReasonCode.ImplementationSpecificError;

        _after = Math.Max(_after, position);
        broker.Sessions.Unsubscribe(session, filter);
        return ReasonCode.Success;
    }

    // [MQTT-3.1.2-24] one code per filter, behind packet id and no properties; asked before anything is done.
    private static int AnswerBytes(int filters) => 1 + VariableByteInteger.SizeOf(3 + filters) + 3 + filters;

    private void Answer(PacketType type, ClientLimits client, ushort packetId, ArrayBufferWriter<byte> codes)
    {
        var properties = new PropertyBuilder();
        int failure = codes.WrittenSpan.IndexOfAnyInRange((byte)ReasonCode.UnspecifiedError, byte.MaxValue);
        if (failure >= 0 && client.WantsReasons && codes.WrittenCount < 64)
            properties.Add(PropertyId.ReasonString, ReasonTexts.Of((ReasonCode)codes.WrittenSpan[failure]));

        var answer = new VersionedSuback(type, packetId, properties, codes, client.Version);
        writer.Answer(answer, static (output, answer) => answer.Write(output), _after);
        batch.WakeWriterAt(_after);
    }

    private readonly record struct VersionedSuback(PacketType Type, ushort PacketId, PropertyBuilder Properties, ArrayBufferWriter<byte> Codes, ProtocolVersion Version)
    {
        public void Write(IBufferWriter<byte> output) =>
            new SubackPacket { Type = Type, PacketId = PacketId, Properties = Properties.List, ReasonCodes = new ReadOnlySequence<byte>(Codes.WrittenMemory) }.Write(output, Version);
    }
}
