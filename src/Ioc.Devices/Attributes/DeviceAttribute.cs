using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Attributes;

/// <summary>A fact about a device: its firmware version, a setting. Never a measurement, never personal.</summary>
/// <param name="Name">What it is called, snake_case, from the profile: <c>firmware</c>.</param>
/// <param name="Kind">What its text stands for.</param>
/// <param name="Value">Its text.</param>
/// <param name="Since">When it was first told with this value.</param>
/// <param name="SeenAt">When it was last told.</param>
public sealed record DeviceAttribute(string Name, AttributeKind Kind, string Value, Instant Since, Instant SeenAt)
{
    /// <summary>Name of the attribute that says which firmware a device runs.</summary>
    public const string Firmware = "firmware";

    /// <summary>Most attributes kept of one device; more are left out.</summary>
    public const int MaxPerDevice = 32;

    /// <summary>Longest value, in UTF-8 bytes; a longer one is left out, because half a value would be a wrong one.</summary>
    public const int MaxValueBytes = 256;
}
