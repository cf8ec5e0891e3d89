using Ioc.Devices.Registry;

namespace Ioc.Devices.Onboarding;

/// <summary>What somebody wants a device to be, as far as they say. What is not given stays; what is given as null is cleared.</summary>
public sealed record DeviceEdit
{
    /// <summary>Nothing is to change.</summary>
    public static DeviceEdit Nothing { get; } = new();

    /// <summary>What people call it; cleared, its key.</summary>
    public Given<string> Name { get; init; }

    /// <summary>One of <see cref="Families"/>; cannot be cleared.</summary>
    public Given<string> Family { get; init; }

    /// <summary>Name of the assigned profile.</summary>
    public Given<string> Profile { get; init; }

    /// <summary>Id of a site. Brings the site's area and position with it where none are given.</summary>
    public Given<string> Site { get; init; }

    /// <summary>Code of a unit of today.</summary>
    public Given<string> Area { get; init; }

    /// <summary>Where it stands.</summary>
    public Given<GeoPoint?> Position { get; init; }

    /// <summary>Expected seconds between two messages; cleared, the default.</summary>
    public Given<double?> PeriodSeconds { get; init; }

    /// <summary>API id of its concentrator.</summary>
    public Given<string> Parent { get; init; }

    /// <summary>All its parameters: they replace the ones before.</summary>
    public Given<IReadOnlyDictionary<string, string>> Parameters { get; init; }

    /// <summary>Its time zone in the words of the tz database; cleared, the country's.</summary>
    public Given<string> TimeZone { get; init; }
}

/// <summary>Something that a device cannot be, for a person to mend.</summary>
/// <param name="Column">Which value, by its name in CSV and API.</param>
/// <param name="Vi">Why, in Vietnamese.</param>
/// <param name="En">Why, in English.</param>
public sealed record EditFault(string Column, string Vi, string En);
