namespace Ioc.Mqtt.Packets;

/// <summary>When retained messages come after a SUBSCRIBE.</summary>
public enum RetainHandling : byte
{
    /// <summary>Each time; always so in 3.1.1.</summary>
    Send = 0,

    /// <summary>Only when the subscription is new.</summary>
    SendIfNew = 1,

    /// <summary>Never.</summary>
    DoNotSend = 2,
}

/// <summary>The byte behind a filter in SUBSCRIBE; 3.1.1 has the QoS only.</summary>
/// <param name="Encoded">As it stands on the wire.</param>
public readonly record struct SubscriptionOptions(byte Encoded)
{
    /// <summary>Puts the byte together.</summary>
    public SubscriptionOptions(int qos, bool noLocal = false, bool retainAsPublished = false, RetainHandling retainHandling = RetainHandling.Send)
        : this((byte)(qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | ((int)retainHandling << 4)))
    {
    }

    /// <summary>Highest QoS wanted, 0 to 2.</summary>
    public int Qos => Encoded & 3;

    /// <summary>The client's own messages are not wanted.</summary>
    public bool NoLocal => (Encoded & 4) != 0;

    /// <summary>The retain flag is to be kept as published.</summary>
    public bool RetainAsPublished => (Encoded & 8) != 0;

    /// <summary>When retained messages are wanted.</summary>
    public RetainHandling RetainHandling => (RetainHandling)((Encoded >> 4) & 3);

    // [MQTT-3.8.3-4] (3.1.1), [MQTT-3.8.3-5] (5.0): reserved bits are zero; QoS 3 and retain handling 3 do not exist.
    internal bool IsLegal(ProtocolVersion version) => Qos < 3
        && (version == ProtocolVersion.V5 ? (Encoded & 0xC0) == 0 && (Encoded & 0x30) != 0x30 : Encoded < 3);
}
