using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Routing;

/// <summary>How long a message is worth delivering, counted from its arrival.</summary>
internal static class MessageExpiry
{
    /// <summary>When it ends, Unix milliseconds; <see cref="long.MaxValue"/> for a message without expiry.</summary>
    /// <param name="properties">As encoded, without their length; checked before.</param>
    /// <param name="receivedAtMs">When it arrived, Unix milliseconds.</param>
    public static long EndsAt(ReadOnlySpan<byte> properties, long receivedAtMs) =>
        TryGet(properties, out uint seconds) ? receivedAtMs + (seconds * 1000L) : long.MaxValue;

    /// <summary>The publisher's interval, in seconds.</summary>
    public static bool TryGet(ReadOnlySpan<byte> properties, out uint seconds)
    {
        seconds = 0;
        return !properties.IsEmpty && PropertiesView.FromChecked(properties).TryGetNumber(PropertyId.MessageExpiryInterval, out seconds);
    }
}
