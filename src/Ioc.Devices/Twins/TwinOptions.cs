using System.ComponentModel.DataAnnotations;

namespace Ioc.Devices.Twins;

/// <summary>Limits of the twins.</summary>
public sealed class TwinOptions
{
    /// <summary>Most series (metric and channel) kept for one device; readings of further ones are counted, not shown as latest.</summary>
    /// <remarks>Channel names come from payloads. The largest supported device has about sixty series.</remarks>
    [Range(1, 16_384)]
    public int MaxSeriesPerDevice { get; set; } = 256;

    /// <summary>Most counters followed, over all devices; further ones are shown without what they add.</summary>
    /// <remarks>About 120 bytes each.</remarks>
    [Range(0, 10_000_000)]
    public int MaxCounters { get; set; } = 500_000;

    /// <summary>How many of a device's last messages are remembered by offset.</summary>
    [Range(0, 1_000)]
    public int MessagesPerDevice { get; set; } = 20;

    /// <summary>Expected periods of silence after which a device is stale.</summary>
    [Range(1, 1_000)]
    public int StaleAfterPeriods { get; set; } = 3;

    /// <summary>Expected periods of silence after which a device is offline.</summary>
    [Range(1, 10_000)]
    public int OfflineAfterPeriods { get; set; } = 10;
}
