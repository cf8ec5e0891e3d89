using Ioc.Devices.Files;
using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>What people wrote about the province: units, zones, sites and devices. Checked as a whole; immutable.</summary>
public sealed class Seeds
{
    /// <summary>Nothing at all: the plain product before anybody has written seeds.</summary>
    public static Seeds Empty { get; } = new() { Folders = [], Areas = new AreaTree([]), Zones = [], Sites = [], Devices = [] };

    /// <summary>Where it was read from, in order.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>Administrative units of all times.</summary>
    public required AreaTree Areas { get; init; }

    /// <summary>Operating zones.</summary>
    public required IReadOnlyList<Zone> Zones { get; init; }

    /// <summary>Places with several devices.</summary>
    public required IReadOnlyList<Site> Sites { get; init; }

    /// <summary>Devices in the order of the files, with area name and zones as of the day given to <see cref="Load"/>; ids are the registry's to give.</summary>
    public required IReadOnlyList<Device> Devices { get; init; }

    /// <summary>A device with the name of its area and the zones that hold it on a day.</summary>
    public Device Placed(Device device, LocalDate day) => device with
    {
        AreaName = device.Area is { } code ? Areas.Find(code, day)?.Name : null,
        Zones = [.. Zones.Where(zone => zone.Units.Any(unit => unit.Code == device.Area && unit.IsValidOn(day))).Select(zone => zone.Id)],
    };

    /// <summary>A site by its id; null when there is none.</summary>
    public Site? FindSite(string id) => Sites.FirstOrDefault(site => site.Id == id);

    /// <summary>Reads <c>areas.csv</c>, <c>zones.yaml</c>, <c>sites.csv</c> and <c>devices.csv</c> of each folder; each file may be missing.</summary>
    /// <param name="folders">Later ones may refer to earlier ones.</param>
    /// <param name="today">Units and zones of devices are those of this day.</param>
    /// <exception cref="SeedException">Something is wrong; the exception lists everything.</exception>
    public static Seeds Load(IReadOnlyList<string> folders, LocalDate today)
    {
        var errors = new FileErrors();
        var places = new SeedReader(errors);

        foreach (string folder in folders.Where(folder => !Directory.Exists(folder)))
            errors.Add(folder, 1, "is no folder.");

        ForEach(folders, "areas.csv", places.ReadAreas);
        AreaTree areas = places.LinkAreas();
        ForEach(folders, "zones.yaml", path => places.ReadZones(path, areas));
        ForEach(folders, "sites.csv", path => places.ReadSites(path, areas, today));
        var devices = new DeviceSeedReader(errors, areas, places, today);
        ForEach(folders, "devices.csv", devices.Read);
        IReadOnlyList<Device> linked = devices.Link();

        return errors.None
            ? new Seeds { Folders = folders, Areas = areas, Zones = [.. places.Zones], Sites = [.. places.Sites.Values], Devices = linked }
            : throw new SeedException(errors.Sorted());
    }

    private static void ForEach(IReadOnlyList<string> folders, string file, Action<string> read)
    {
        foreach (string path in folders.Select(folder => Path.Combine(folder, file)).Where(File.Exists))
            read(path);
    }
}
