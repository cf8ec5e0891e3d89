using System.ComponentModel.DataAnnotations;

namespace Ioc.Devices.Registry;

/// <summary>What happens when a device that nobody wrote down sends its first message.</summary>
public enum FirstContact
{
    /// <summary>It is held as unclaimed: its readings are kept, it is on no map, and it waits for somebody to claim or reject it.</summary>
    Hold,

    /// <summary>Its messages are set aside as from an unknown device.</summary>
    Reject,

    /// <summary>It is taken on at once, at the default site.</summary>
    Create,
}

/// <summary>First contact of devices of one source, where it differs from the general policy.</summary>
public sealed class SourceOptions
{
    /// <summary>What to do; null: as in general.</summary>
    public FirstContact? FirstContact { get; set; }

    /// <summary>Id of the site for <see cref="Registry.FirstContact.Create"/>; null: the general one.</summary>
    public string? DefaultSite { get; set; }
}

/// <summary>Limits of the registry.</summary>
public sealed class RegistryOptions
{
    /// <summary>What to do with unknown devices.</summary>
    public FirstContact FirstContact { get; set; } = FirstContact.Hold;

    /// <summary>Id of the site at which <see cref="Registry.FirstContact.Create"/> puts them; no default, since only the seeds know sites.</summary>
    public string? DefaultSite { get; set; }

    /// <summary>Policies by source: the concentrator, gateway or upstream broker that vouches for the keys.</summary>
    public Dictionary<string, SourceOptions> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Most devices that appeared by themselves and that nobody has decided about; beyond it <see cref="Registry.FirstContact.Reject"/> holds.</summary>
    /// <remarks>Keys come from payloads: without a bound one client could fill the memory with invented devices.</remarks>
    [Range(0, 10_000_000)]
    public int MaxUnclaimed { get; set; } = 20_000;

    /// <summary>Expected seconds between two messages of a device for which nobody said it.</summary>
    [Range(1, 86_400)]
    public int DefaultPeriodSeconds { get; set; } = 300;
}
