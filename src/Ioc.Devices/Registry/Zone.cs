using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>A unit's membership in a zone.</summary>
/// <param name="Code">The unit's code.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day; null while it lasts.</param>
public sealed record ZoneUnit(string Code, LocalDate From, LocalDate? To)
{
    /// <summary>Whether the unit belonged to the zone on a day.</summary>
    public bool IsValidOn(LocalDate day) => From <= day && (To is not { } last || day <= last);
}

/// <summary>An operating zone: a named set of units with dates, such as the former city of Quy Nhơn. It is no administrative unit.</summary>
/// <param name="Id">Stable id for addresses and permissions: <c>quy-nhon</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Units">Its units, past ones too.</param>
public sealed record Zone(string Id, string Name, IReadOnlyList<ZoneUnit> Units);

/// <summary>A place that holds several devices: an office, a station, a junction.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">What sort of place, free word.</param>
/// <param name="Area">Code of its unit; null when unknown.</param>
/// <param name="Position">Where it is; null when unknown.</param>
public sealed record Site(string Id, string Name, string Kind, string? Area, GeoPoint? Position);
