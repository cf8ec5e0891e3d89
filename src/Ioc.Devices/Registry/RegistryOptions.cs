using System.ComponentModel.DataAnnotations;

namespace Ioc.Devices.Registry;

/// <summary>What happens when a device that no seed knows sends its first message.</summary>
public enum FirstContact
{
    /// <summary>It is created as unclaimed: readable at once, on no map until somebody places it.</summary>
    Create,

    /// <summary>Its messages are set aside as from an unknown device.</summary>
    Reject,
}

/// <summary>Limits of the registry.</summary>
public sealed class RegistryOptions
{
    /// <summary>What to do with unknown devices.</summary>
    public FirstContact FirstContact { get; set; } = FirstContact.Create;

    /// <summary>Most devices created at first contact; beyond it they are treated as <see cref="Registry.FirstContact.Reject"/> says.</summary>
    /// <remarks>Keys come from payloads: without a bound one client could fill the memory with invented devices.</remarks>
    [Range(0, 10_000_000)]
    public int MaxUnclaimed { get; set; } = 20_000;

    /// <summary>Expected seconds between two messages of a device for which nobody said it.</summary>
    [Range(1, 86_400)]
    public int DefaultPeriodSeconds { get; set; } = 300;
}
