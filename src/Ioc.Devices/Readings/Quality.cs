namespace Ioc.Devices.Readings;

/// <summary>What to doubt about a reading. No flag set: good.</summary>
[Flags]
public enum Quality : ushort
{
    /// <summary>Nothing to doubt.</summary>
    Good = 0,

    /// <summary>The device's clock was implausible or missing where its firmware promises one; arrival time stands in.</summary>
    Clock = 1,

    /// <summary>Outside the range that is physically possible for the metric, or that the profile declares.</summary>
    OutOfRange = 2,

    /// <summary>The message carries a fault flag beside the value.</summary>
    Suspect = 4,

    /// <summary>Back-fill: stored, but never shown as the latest value.</summary>
    Historical = 8,

    /// <summary>The protocol itself says bad.</summary>
    Bad = 16,

    /// <summary>The device is calibrating or in service.</summary>
    Calibrating = 32,

    /// <summary>Computed or estimated, not measured.</summary>
    Estimated = 64,

    /// <summary>A different value is already stored for the same device, metric, channel and device time.</summary>
    Conflict = 128,

    /// <summary>The protocol itself says that the value is old: the sender has lost its source.</summary>
    Stale = 256,
}
