using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>Under which refusal a connection's end is counted.</summary>
internal static class ConnectionRefusals
{
    public static void Count(BrokerCounters counters, ReasonCode reason, bool connected)
    {
        if (Of(reason, connected) is { } refusal)
            counters.Refused(refusal);
    }

    private static Refusal? Of(ReasonCode reason, bool connected) => reason switch
    {
        ReasonCode.MalformedPacket => Refusal.Malformed,
        ReasonCode.PacketTooLarge => Refusal.PacketTooLarge,
        ReasonCode.UnsupportedProtocolVersion => Refusal.UnsupportedVersion,
        ReasonCode.ClientIdentifierNotValid => Refusal.ClientIdInvalid,
        ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized or ReasonCode.BadAuthenticationMethod => Refusal.NotAuthorized,
        ReasonCode.TopicNameInvalid or ReasonCode.TopicFilterInvalid => Refusal.TopicInvalid,
        ReasonCode.TopicAliasInvalid => Refusal.TopicAliasInvalid,
        ReasonCode.QosNotSupported => Refusal.QosNotSupported,
        ReasonCode.ReceiveMaximumExceeded => Refusal.ReceiveMaximumExceeded,
        ReasonCode.KeepAliveTimeout => connected ? Refusal.KeepAliveTimeout : Refusal.ConnectTimeout,
        ReasonCode.ImplementationSpecificError => Refusal.Unavailable,
        ReasonCode.SessionTakenOver or ReasonCode.ServerShuttingDown => null,
        _ => Refusal.ProtocolError,
    };
}
