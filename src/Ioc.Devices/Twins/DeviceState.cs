using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Twins;

/// <summary>Whether a device can be heard. How good its values are is a matter of their quality, not of its state.</summary>
public enum DeviceState : byte
{
    /// <summary>It never sent anything.</summary>
    NeverSeen,

    /// <summary>Heard within its expected time.</summary>
    Online,

    /// <summary>Silent for three expected periods.</summary>
    Stale,

    /// <summary>Silent for ten expected periods, or a last will or gateway said so.</summary>
    Offline,
}

/// <summary>A device went from one state to another.</summary>
/// <param name="Device">Which device.</param>
/// <param name="From">Its state before.</param>
/// <param name="To">Its state now.</param>
/// <param name="At">When it was noticed: arrival time of the message, or the time of the sweep.</param>
public readonly record struct DeviceStateChange(DeviceId Device, DeviceState From, DeviceState To, Instant At);
