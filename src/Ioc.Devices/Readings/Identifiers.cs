namespace Ioc.Devices.Readings;

/// <summary>Dense handle of a device while the process runs; never stored. The lasting identity is (source, key).</summary>
/// <param name="Value">Index into the registry, from 1. Zero is <see cref="None"/>.</param>
public readonly record struct DeviceId(int Value)
{
    /// <summary>No device: the message could not be tied to one.</summary>
    public static readonly DeviceId None;
}

/// <summary>Dense handle of a metric of the catalogue while the process runs; never stored.</summary>
/// <param name="Value">Index into the catalogue, from 1. Zero is no metric.</param>
public readonly record struct MetricId(short Value);

/// <summary>Which of several: phase, lane, port, camera. Dense handle while the process runs; never stored.</summary>
/// <param name="Value">Index into the channel table, from 1. Zero is <see cref="None"/>: there is only one.</param>
public readonly record struct ChannelId(short Value)
{
    /// <summary>The device has only one of this.</summary>
    public static readonly ChannelId None;
}
