namespace Ioc.Devices.Readings;

/// <summary>What became of one journaled message. Every journal offset gets exactly one.</summary>
public enum MessageOutcome : byte
{
    /// <summary>At least one of its readings is stored (or it changed a device's availability).</summary>
    Stored,

    /// <summary>A profile says that it carries no telemetry (join, log, command echo, cleared retained message).</summary>
    Ignored,

    /// <summary>It could not be decoded; set aside with offset and reason.</summary>
    Quarantined,

    /// <summary>All its readings were stored before: same device, metric, channel, device time and value. Only a store can tell.</summary>
    Duplicate,
}

/// <summary>Why a message was set aside.</summary>
public enum QuarantineReason : byte
{
    /// <summary>Not set aside.</summary>
    None,

    /// <summary>No profile matches topic and content, or several do and the registry assigns none.</summary>
    ProfileUnknown,

    /// <summary>The payload is not what its codec promises: broken JSON, not a number, not base64.</summary>
    Malformed,

    /// <summary>A binary frame ends before a field that the profile requires.</summary>
    TooShort,

    /// <summary>A check sum does not match.</summary>
    Checksum,

    /// <summary>The payload is well formed, but no field of the profile is in it.</summary>
    NoReadings,

    /// <summary>The device is not registered and the policy forbids creating it.</summary>
    DeviceUnknown,

    /// <summary>The payload carries data that may never be stored (images, plates, names).</summary>
    PersonalData,

    /// <summary>A bound of the product was met: devices, channels, readings per message.</summary>
    LimitExceeded,

    /// <summary>The journal's own bytes are damaged: the disk gave back something else than was written.</summary>
    JournalDamaged,

    /// <summary>The device is retired: what it still sends counts nowhere.</summary>
    DeviceRetired,

    /// <summary>An operator has rejected the device.</summary>
    DeviceRejected,

    /// <summary>Its values go by numbers that only an earlier message explains (a Sparkplug birth), and that one is missing.</summary>
    BirthUnknown,
}

/// <summary>What a message says about its device's connection, apart from its readings.</summary>
public enum Availability : byte
{
    /// <summary>Nothing beyond the fact that it arrived.</summary>
    Unsaid,

    /// <summary>The device (or its gateway) announces itself online.</summary>
    Online,

    /// <summary>A last will or death certificate: offline at once.</summary>
    Offline,
}
