namespace Ioc.Devices.Registry;

/// <summary>Where a device stands between its first contact and its retirement.</summary>
public enum DeviceStanding : byte
{
    /// <summary>Somebody has taken it on, or the policy has.</summary>
    InService,

    /// <summary>It appeared by itself and waits for somebody to claim or reject it. Its readings are kept.</summary>
    Unclaimed,

    /// <summary>Somebody does not want it; what it sends is set aside until that is lifted.</summary>
    Rejected,

    /// <summary>It has done its service: no alarms, no live view; its history stays.</summary>
    Retired,
}
