namespace Ioc.Mqtt.Packets;

/// <summary>The upper four bits of a packet's first byte.</summary>
public enum PacketType : byte
{
    /// <summary>Forbidden.</summary>
    Reserved = 0,

    /// <summary>Client asks to connect.</summary>
    Connect = 1,

    /// <summary>Server's answer to CONNECT.</summary>
    Connack = 2,

    /// <summary>A message, either way.</summary>
    Publish = 3,

    /// <summary>Answer to PUBLISH at QoS 1.</summary>
    Puback = 4,

    /// <summary>First answer to PUBLISH at QoS 2.</summary>
    Pubrec = 5,

    /// <summary>Answer to PUBREC.</summary>
    Pubrel = 6,

    /// <summary>Last answer at QoS 2.</summary>
    Pubcomp = 7,

    /// <summary>Client asks for topics.</summary>
    Subscribe = 8,

    /// <summary>Answer to SUBSCRIBE.</summary>
    Suback = 9,

    /// <summary>Client gives topics up.</summary>
    Unsubscribe = 10,

    /// <summary>Answer to UNSUBSCRIBE.</summary>
    Unsuback = 11,

    /// <summary>Client asks whether the server is there.</summary>
    Pingreq = 12,

    /// <summary>Answer to PINGREQ.</summary>
    Pingresp = 13,

    /// <summary>Last packet; in 3.1.1 from the client only.</summary>
    Disconnect = 14,

    /// <summary>Extended authentication, 5.0 only.</summary>
    Auth = 15,
}

internal static class PacketTypes
{
    // One bit per legal flag nibble. [MQTT-2.1.3-1], [MQTT-3.6.1-1], [MQTT-3.8.1-1], [MQTT-3.10.1-1]: reserved flags
    // are fixed; [MQTT-3.3.1-4]: PUBLISH with both QoS bits set is malformed; [MQTT-3.3.1-2]: so is DUP at QoS 0.
    private static readonly ushort[] LegalFlags =
    [
        0, 1, 1, 0b0011_1100_0011_1111, 1, 1, 0b100, 1, 0b100, 1, 0b100, 1, 1, 1, 1, 1,
    ];

    public static bool AreFlagsLegal(byte header) => (LegalFlags[header >> 4] >> (header & 0x0F) & 1) != 0;
}
