using NodaTime;

namespace Ioc.Profiles;

/// <summary>One journaled publish, as the decoder sees it.</summary>
/// <remarks>A view: its spans belong to the caller and are not kept past <see cref="MessageDecoder.Decode"/>.</remarks>
public readonly ref struct RawMessage
{
    /// <summary>Its position in the journal.</summary>
    public required long Offset { get; init; }

    /// <summary>Arrival time; stands in where the device tells none, and judges the device's clock where it does.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>Whose key space the device key belongs to, as UTF-8: <c>default</c> unless a credential or topic prefix names a site.</summary>
    public required ReadOnlySpan<byte> Source { get; init; }

    /// <summary>The topic name, as UTF-8.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The payload; may be anything.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>
    /// Another broker handed us its retained copy: not a new measurement. Readings with a device time are taken (they are recognised
    /// as seen before), those that would be stamped with arrival are not.
    /// </summary>
    public bool RetainedDelivery { get; init; }
}
