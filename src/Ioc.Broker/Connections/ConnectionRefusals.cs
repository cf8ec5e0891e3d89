using Ioc.Broker.Access;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>Under which refusal a connection's end is counted.</summary>
internal static class ConnectionRefusals
{
    public static void Count(BrokerCounters counters, ReasonCode reason, bool connected, Refusal? known, in RefusedClient who)
    {
        if ((known ?? Of(reason, connected)) is { } refusal)
            counters.Refused(refusal, who);
    }

    private static Refusal? Of(ReasonCode reason, bool connected) => reason switch
    {
        ReasonCode.MalformedPacket => Refusal.Malformed,
        ReasonCode.PacketTooLarge => Refusal.PacketTooLarge,
        ReasonCode.UnsupportedProtocolVersion => Refusal.UnsupportedVersion,
        ReasonCode.ClientIdentifierNotValid => Refusal.ClientIdInvalid,
        ReasonCode.BadUserNameOrPassword or ReasonCode.BadAuthenticationMethod => Refusal.NotAuthorized,
        ReasonCode.NotAuthorized => connected ? Refusal.Revoked : Refusal.NotAuthorized,
        ReasonCode.Banned or ReasonCode.AdministrativeAction => Refusal.Banned,
        ReasonCode.ConnectionRateExceeded => Refusal.ConnectRateExceeded,
        ReasonCode.MessageRateTooHigh => Refusal.MessageRateExceeded,
        ReasonCode.ServerBusy => Refusal.Busy,
        ReasonCode.QuotaExceeded => Refusal.QuotaExceeded,
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
