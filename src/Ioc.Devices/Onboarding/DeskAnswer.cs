using Ioc.Devices.Registry;

namespace Ioc.Devices.Onboarding;

/// <summary>What came of a request at the desk.</summary>
public enum DeskOutcome
{
    /// <summary>It is kept and in force; also when nothing had to change.</summary>
    Done,

    /// <summary>There is no such device.</summary>
    NotFound,

    /// <summary>The device has changed since the version that was named.</summary>
    StaleVersion,

    /// <summary>A device in this standing cannot be treated so: a retired one cannot be claimed.</summary>
    NotAllowed,

    /// <summary>Something wished cannot be; the faults say what.</summary>
    Invalid,

    /// <summary>There is such a device already.</summary>
    Exists,
}

/// <summary>The desk's answer.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Device">The device as it is now, where there is one.</param>
/// <param name="Faults">When invalid: everything that is wrong.</param>
public sealed record DeskAnswer(DeskOutcome Outcome, Device? Device, IReadOnlyList<EditFault> Faults)
{
    internal static DeskAnswer Of(DeskOutcome outcome, Device? device = null) => new(outcome, device, []);
}

/// <summary>What can be done with a device besides changing its fields.</summary>
public enum DeskAction
{
    /// <summary>Change fields.</summary>
    Update,

    /// <summary>Take an unclaimed device on.</summary>
    Claim,

    /// <summary>Refuse an unclaimed device until that is lifted.</summary>
    Reject,

    /// <summary>Let a rejected device speak again; it is unclaimed then.</summary>
    Lift,

    /// <summary>Take a device out of service.</summary>
    Retire,

    /// <summary>Bring a retired device back.</summary>
    Return,
}
