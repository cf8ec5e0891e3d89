using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>Levels of the tree of administrative units.</summary>
public enum AreaLevel : byte
{
    /// <summary>Tỉnh, thành phố trực thuộc trung ương.</summary>
    Province,

    /// <summary>Huyện, thị xã, thành phố thuộc tỉnh: until 30 June 2025.</summary>
    District,

    /// <summary>Xã, phường, đặc khu.</summary>
    Commune,
}

/// <summary>One administrative unit during one span of time. A code alone is no key: codes are given again to other units.</summary>
public sealed record Area
{
    /// <summary>The national code, with its leading zeros.</summary>
    public required string Code { get; init; }

    /// <summary>Its full name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands in the tree.</summary>
    public required AreaLevel Level { get; init; }

    /// <summary>Code of the unit above, valid at the same time; null for a province.</summary>
    public string? Parent { get; init; }

    /// <summary>First day on which it existed under this code and name. With the code the key.</summary>
    public required LocalDate ValidFrom { get; init; }

    /// <summary>Last day; null while it exists.</summary>
    public LocalDate? ValidTo { get; init; }

    /// <summary>About where its centre lies; null when not known.</summary>
    public GeoPoint? Centre { get; init; }

    /// <summary>Codes of the units, valid on the day before <see cref="ValidFrom"/>, whose land it took over in whole or in part.</summary>
    public IReadOnlyList<string> Predecessors { get; init; } = [];

    /// <summary>Whether it existed on a day.</summary>
    public bool IsValidOn(LocalDate day) => ValidFrom <= day && (ValidTo is not { } last || day <= last);
}
