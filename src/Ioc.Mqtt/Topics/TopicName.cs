using Ioc.Mqtt.Framing;

namespace Ioc.Mqtt.Topics;

/// <summary>Rules for the topic of a message, as UTF-8.</summary>
public static class TopicName
{
    /// <summary>Longest topic name, in bytes.</summary>
    public const int MaxBytes = ushort.MaxValue;

    /// <summary>Not empty and without wildcards; the bytes are known to be valid UTF-8 without U+0000.</summary>
    // [MQTT-4.7.3-1] at least one character; [MQTT-3.3.2-2] no wildcard.
    public static bool IsValid(ReadOnlySpan<byte> topic) => !topic.IsEmpty && !topic.ContainsAny((byte)'+', (byte)'#');

    /// <summary>Whether these bytes, from wherever they come, are a topic name: UTF-8 included.</summary>
    public static bool IsValidUtf8(ReadOnlySpan<byte> topic) => topic.Length <= MaxBytes && Utf8Text.IsValid(topic) && IsValid(topic);

    /// <summary>Belongs to the server itself (<c>$SYS</c> and its like).</summary>
    public static bool IsSystem(ReadOnlySpan<byte> topic) => !topic.IsEmpty && topic[0] == (byte)'$';
}
