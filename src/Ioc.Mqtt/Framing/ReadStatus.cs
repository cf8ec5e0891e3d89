using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Framing;

/// <summary>What came of an attempt to read. Anything but the first two ends the connection it was read from.</summary>
public enum ReadStatus
{
    /// <summary>Read whole and valid as far as one packet can tell.</summary>
    Complete,

    /// <summary>Valid so far; the rest has not arrived.</summary>
    NeedMore,

    /// <summary>The announced length exceeds the limit; judged before the body is buffered.</summary>
    TooLarge,

    /// <summary>Bytes that no version of the protocol allows here.</summary>
    Malformed,

    /// <summary>Well-formed, but not allowed in this place or twice.</summary>
    ProtocolError,

    /// <summary>CONNECT names a protocol or level other than MQTT 3.1.1 and 5.0.</summary>
    UnsupportedVersion,

    /// <summary>A topic name is empty where it must not be or holds a wildcard.</summary>
    InvalidTopic,

    /// <summary>A topic filter is empty or has a wildcard in a wrong place.</summary>
    InvalidFilter,

    /// <summary>A topic alias of zero.</summary>
    InvalidTopicAlias,
}

/// <summary>Says a failed read in the words of MQTT 5.0.</summary>
public static class ReadStatusExtensions
{
    /// <summary>The reason code of the DISCONNECT or CONNACK that answers this status.</summary>
    public static ReasonCode ToReasonCode(this ReadStatus status) => status switch
    {
        ReadStatus.Complete or ReadStatus.NeedMore => ReasonCode.Success,
        ReadStatus.TooLarge => ReasonCode.PacketTooLarge,
        ReadStatus.ProtocolError => ReasonCode.ProtocolError,
        ReadStatus.UnsupportedVersion => ReasonCode.UnsupportedProtocolVersion,
        ReadStatus.InvalidTopic => ReasonCode.TopicNameInvalid,
        ReadStatus.InvalidFilter => ReasonCode.TopicFilterInvalid,
        ReadStatus.InvalidTopicAlias => ReasonCode.TopicAliasInvalid,
        _ => ReasonCode.MalformedPacket,
    };
}
