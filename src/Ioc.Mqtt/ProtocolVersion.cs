namespace Ioc.Mqtt;

/// <summary>The level a client names in CONNECT. Everything that differs between versions takes this as a parameter.</summary>
/// <remarks>A value read from the wire may be any byte; only the named ones are served.</remarks>
public enum ProtocolVersion : byte
{
    /// <summary>Before CONNECT was read.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0: properties, reason codes, negative acknowledgements.</summary>
    V5 = 5,
}
