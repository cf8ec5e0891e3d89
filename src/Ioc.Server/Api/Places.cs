using Ioc.Devices.Registry;
using Ioc.Server.Live;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>An administrative unit as of today.</summary>
public sealed record AreaView(string Code, string Name, string Level, string? Parent, PositionView? Centre);

/// <summary>A place that holds several devices.</summary>
public sealed record SiteView(string Id, string Name, string Kind, string? Area, PositionView? Position);

/// <summary>Zones, areas and families as callers name them.</summary>
internal sealed class Places(Seeds seeds, IClock clock)
{
    public IReadOnlyList<LiveZone> Zones { get; } = [.. seeds.Zones.Select(zone => new LiveZone(zone.Id, zone.Name))];

    public IReadOnlyList<SiteView> Sites { get; } = [.. seeds.Sites.Select(site =>
        new SiteView(site.Id, site.Name, site.Kind, site.Area, site.Position is { } at ? new PositionView(at.Latitude, at.Longitude) : null))];

    /// <summary>The province this installation serves; empty where the seeds name none.</summary>
    public string ProvinceName => seeds.Areas.On(Today).FirstOrDefault(area => area.Level == AreaLevel.Province)?.Name ?? "";

    private LocalDate Today => VietnamTime.DateOf(clock.GetCurrentInstant());

    public IEnumerable<AreaView> AreasToday() => seeds.Areas.On(Today).Select(area => new AreaView(
        area.Code, area.Name, Words.Of(area.Level), area.Parent, area.Centre is { } centre ? new PositionView(centre.Latitude, centre.Longitude) : null));

    /// <exception cref="BadParameterException">There is no such zone.</exception>
    public void CheckZone(string? zone)
    {
        if (!string.IsNullOrEmpty(zone) && Zones.All(known => known.Id != zone))
            throw new BadParameterException("zone", $"There is no zone '{zone}'; there are {string.Join(", ", Zones.Select(known => known.Id))}.");
    }

    /// <exception cref="BadParameterException">There is no such family.</exception>
    public void CheckFamily(string? family)
    {
        if (!string.IsNullOrEmpty(family) && !Families.Contains(family))
            throw new BadParameterException("family", $"'{family}' is none of {string.Join(", ", Families.All)}.");
    }

    /// <summary>Codes of an area and everything below it today; null for no area asked.</summary>
    /// <exception cref="BadParameterException">There is no such area today.</exception>
    public HashSet<string>? Below(string? area)
    {
        if (string.IsNullOrEmpty(area))
            return null;

        LocalDate today = Today;
        return seeds.Areas.Find(area, today) is null
            ? throw new BadParameterException("area", $"There is no area with the code '{area}' today.")
            : seeds.Areas.On(today).Where(one => seeds.Areas.IsWithin(one.Code, area, today)).Select(one => one.Code).ToHashSet(StringComparer.Ordinal);
    }
}
