namespace Ioc.Mqtt.Packets;

/// <summary>MQTT 5.0's outcome of an operation; 0x80 and above are failures. 3.1.1 knows a few of them under other numbers.</summary>
public enum ReasonCode : byte
{
    /// <summary>Done; normal disconnection; granted at QoS 0.</summary>
    Success = 0x00,

    /// <summary>Subscription granted at QoS 1.</summary>
    GrantedQos1 = 0x01,

    /// <summary>Subscription granted at QoS 2.</summary>
    GrantedQos2 = 0x02,

    /// <summary>The client leaves and wants its will published.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>Accepted, and nobody is subscribed.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>UNSUBSCRIBE of a filter that was not subscribed.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>Another step of authentication follows.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>Client starts authentication anew.</summary>
    Reauthenticate = 0x19,

    /// <summary>Failure without a better word; the only one of 3.1.1's SUBACK.</summary>
    UnspecifiedError = 0x80,

    /// <summary>Bytes that cannot be parsed.</summary>
    MalformedPacket = 0x81,

    /// <summary>Well-formed, not allowed here.</summary>
    ProtocolError = 0x82,

    /// <summary>Valid, but the receiver cannot take it now.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>Not MQTT 3.1.1 or 5.0.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The client id is not allowed.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>Unknown user or wrong password.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>Known, but may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>The server cannot serve now.</summary>
    ServerUnavailable = 0x88,

    /// <summary>Try later.</summary>
    ServerBusy = 0x89,

    /// <summary>Shut out by an operator.</summary>
    Banned = 0x8A,

    /// <summary>The server stops.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>Authentication method not supported.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Silence for longer than one and a half keep alives.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection uses the same client id.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>Filter well-formed UTF-8 but not a filter.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>Topic well-formed UTF-8 but not a topic name.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>Packet id is taken by another exchange.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>No exchange has this packet id.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More unacknowledged messages than announced.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>Alias zero or above the announced maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>Packet larger than announced.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A byte or count budget is met.</summary>
    QuotaExceeded = 0x97,

    /// <summary>Closed by an operator.</summary>
    AdministrativeAction = 0x98,

    /// <summary>Payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>Retained messages are not served.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>QoS above the announced maximum.</summary>
    QosNotSupported = 0x9B,

    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>Use another server for good.</summary>
    ServerMoved = 0x9D,

    /// <summary>Shared subscriptions are not served.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The connection's permitted time is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>Subscription identifiers are not served.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>Wildcard subscriptions are not served.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
