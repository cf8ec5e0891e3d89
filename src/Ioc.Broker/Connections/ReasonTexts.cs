using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>Reason strings for the person who reads a client's log. In English, as the field's tools are.</summary>
internal static class ReasonTexts
{
    /// <summary>One sentence in UTF-8; empty for success.</summary>
    public static ReadOnlySpan<byte> Of(ReasonCode reason) => reason switch
    {
        < ReasonCode.UnspecifiedError => default,
        ReasonCode.MalformedPacket => "The packet cannot be parsed."u8,
        ReasonCode.ProtocolError => "The packet is not allowed here, or contradicts an earlier one."u8,
        ReasonCode.ImplementationSpecificError => "The message store takes nothing at present. Send again later."u8,
        ReasonCode.UnsupportedProtocolVersion => "Only MQTT 3.1.1 and 5.0 are served."u8,
        ReasonCode.ClientIdentifierNotValid => "The client identifier is not allowed."u8,
        ReasonCode.BadUserNameOrPassword => "Unknown user or wrong password."u8,
        ReasonCode.NotAuthorized => "These credentials do not allow this."u8,
        ReasonCode.ServerUnavailable => "The server cannot serve at present."u8,
        ReasonCode.ServerBusy => "The server is busy. Try again later."u8,
        ReasonCode.Banned => "This client is banned by the operator."u8,
        ReasonCode.ServerShuttingDown => "The server is shutting down."u8,
        ReasonCode.BadAuthenticationMethod => "Enhanced authentication is not served."u8,
        ReasonCode.KeepAliveTimeout => "Nothing was heard for one and a half times the keep alive."u8,
        ReasonCode.SessionTakenOver => "Another connection uses this client identifier."u8,
        ReasonCode.TopicFilterInvalid => "The topic filter is not valid, or too long or deep."u8,
        ReasonCode.TopicNameInvalid => "The topic name is not valid, or too long or deep."u8,
        ReasonCode.PacketIdentifierInUse => "The packet identifier is in use."u8,
        ReasonCode.PacketIdentifierNotFound => "No exchange is under way under this packet identifier."u8,
        ReasonCode.ReceiveMaximumExceeded => "More messages are unacknowledged than the Receive Maximum allows."u8,
        ReasonCode.TopicAliasInvalid => "The topic alias is zero or beyond the Topic Alias Maximum."u8,
        ReasonCode.PacketTooLarge => "The packet is larger than the Maximum Packet Size."u8,
        ReasonCode.MessageRateTooHigh => "Messages come faster than this client may send."u8,
        ReasonCode.QuotaExceeded => "A quota is used up: storage, sessions, or subscriptions."u8,
        ReasonCode.AdministrativeAction => "Closed by the operator."u8,
        ReasonCode.ConnectionRateExceeded => "Connections come faster than they may."u8,
        _ => "The request was refused."u8,
    };
}
