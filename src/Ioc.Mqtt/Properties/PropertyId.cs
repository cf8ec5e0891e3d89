namespace Ioc.Mqtt.Properties;

/// <summary>Names of MQTT 5.0's properties (standard, table 2-4).</summary>
public enum PropertyId : byte
{
    /// <summary>Payload is text: 1, or anything: 0.</summary>
    PayloadFormatIndicator = 0x01,

    /// <summary>Seconds a message stays worth delivering.</summary>
    MessageExpiryInterval = 0x02,

    /// <summary>What the payload is, in the publisher's words.</summary>
    ContentType = 0x03,

    /// <summary>Where an answer is awaited.</summary>
    ResponseTopic = 0x08,

    /// <summary>Ties an answer to its question.</summary>
    CorrelationData = 0x09,

    /// <summary>The subscriber's number of a subscription; may be several in a delivered PUBLISH.</summary>
    SubscriptionIdentifier = 0x0B,

    /// <summary>Seconds a session outlives its connection.</summary>
    SessionExpiryInterval = 0x11,

    /// <summary>Client id the server chose.</summary>
    AssignedClientIdentifier = 0x12,

    /// <summary>Keep alive the server wants, seconds.</summary>
    ServerKeepAlive = 0x13,

    /// <summary>Name of an extended authentication.</summary>
    AuthenticationMethod = 0x15,

    /// <summary>Bytes of an extended authentication.</summary>
    AuthenticationData = 0x16,

    /// <summary>Client wants reason strings: 1.</summary>
    RequestProblemInformation = 0x17,

    /// <summary>Seconds between the end of a connection and its will.</summary>
    WillDelayInterval = 0x18,

    /// <summary>Client wants response information: 1.</summary>
    RequestResponseInformation = 0x19,

    /// <summary>Basis for response topics.</summary>
    ResponseInformation = 0x1A,

    /// <summary>Another server.</summary>
    ServerReference = 0x1C,

    /// <summary>Reason in words, for a person.</summary>
    ReasonString = 0x1F,

    /// <summary>Unacknowledged messages the sender of this takes at once.</summary>
    ReceiveMaximum = 0x21,

    /// <summary>Largest topic alias the sender of this takes.</summary>
    TopicAliasMaximum = 0x22,

    /// <summary>A number in a topic's place.</summary>
    TopicAlias = 0x23,

    /// <summary>Highest QoS the server takes: 0 or 1.</summary>
    MaximumQos = 0x24,

    /// <summary>Retained messages are served: 1.</summary>
    RetainAvailable = 0x25,

    /// <summary>A pair of strings; may be repeated.</summary>
    UserProperty = 0x26,

    /// <summary>Largest packet the sender of this takes, bytes.</summary>
    MaximumPacketSize = 0x27,

    /// <summary>Wildcards are served: 1.</summary>
    WildcardSubscriptionAvailable = 0x28,

    /// <summary>Subscription identifiers are served: 1.</summary>
    SubscriptionIdentifierAvailable = 0x29,

    /// <summary>Shared subscriptions are served: 1.</summary>
    SharedSubscriptionAvailable = 0x2A,
}
