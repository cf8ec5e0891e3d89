using NodaTime;

namespace Ioc.Devices.Readings;

/// <summary>What the text of an attribute stands for.</summary>
public enum AttributeKind : byte
{
    /// <summary>A text: a version, a model, a place.</summary>
    Text,

    /// <summary>A number, written as in JSON.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}

/// <summary>A fact about a device, as one message tells it; its text is in the batch.</summary>
/// <param name="Device">Whose.</param>
/// <param name="Name">What it is called, snake_case, from the profile: <c>firmware</c>.</param>
/// <param name="Kind">What its text stands for.</param>
/// <param name="At">When it was so: the message's time.</param>
/// <param name="Start">First byte of its text in the batch.</param>
/// <param name="Length">Bytes of its text.</param>
public readonly record struct BatchAttribute(DeviceId Device, string Name, AttributeKind Kind, Instant At, int Start, int Length);
