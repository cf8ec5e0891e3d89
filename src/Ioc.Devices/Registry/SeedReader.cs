using Ioc.Devices.Files;
using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>Reads the areas, zones and sites of seed folders; <see cref="DeviceSeedReader"/> reads the devices that stand on them.</summary>
internal sealed class SeedReader(FileErrors errors)
{
    private static readonly string[] AreaColumns = ["code", "name", "level", "parent", "valid_from", "valid_to", "lat", "lon", "predecessors"];
    private static readonly string[] SiteColumns = ["id", "name", "kind", "area", "lat", "lon"];
    private static readonly string[] Levels = ["province", "district", "commune"];

    private readonly List<(CsvRow Row, Area Area)> _areas = [];
    private readonly Dictionary<string, List<Area>> _areasByCode = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Zone> _zones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Site> _sites = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Site> Sites => _sites;

    public IReadOnlyCollection<Zone> Zones => _zones.Values;

    public void ReadAreas(string path)
    {
        foreach (CsvRow row in CsvTable.Read(path, AreaColumns, errors))
        {
            if (ReadArea(row) is not { } area)
                continue;

            if (!_areasByCode.TryGetValue(area.Code, out List<Area>? sameCode))
                _areasByCode[area.Code] = sameCode = [];

            if (sameCode.Any(known => known.ValidFrom == area.ValidFrom))
                row.Error($"area '{area.Code}' from {area.ValidFrom:uuuu-MM-dd} stands twice.");
            else if (sameCode.Find(known => Overlap(known, area)) is { } other)
                row.Error($"area '{area.Code}' is valid at the same time as '{other.Name}' of the same code.");
            else
                _areas.Add((row, area));

            sameCode.Add(area);
        }
    }

    /// <summary>Ties parents and predecessors, which may stand in any order and file.</summary>
    public AreaTree LinkAreas()
    {
        var tree = new AreaTree([.. _areas.Select(known => known.Area)]);
        foreach ((CsvRow row, Area area) in _areas)
        {
            CheckParent(row, area, tree);
            foreach (string code in area.Predecessors.Where(code => tree.Find(code, area.ValidFrom.PlusDays(-1)) is null))
                row.Error($"predecessor '{code}' is no area that was valid on {area.ValidFrom.PlusDays(-1):uuuu-MM-dd}.");
        }

        return tree;
    }

    public void ReadZones(string path, AreaTree areas)
    {
        foreach (YamlMap entry in YamlFile.ReadList(path, "zones", errors))
        {
            string id = entry.Required("id");
            var zone = new Zone(id, entry.Required("name"), [.. entry.Maps("units").Select(unit => ReadUnit(unit, areas))]);
            entry.Close();
            if (id.Length > 0 && !_zones.TryAdd(id, zone))
                entry.Error($"zone '{id}' stands twice.");
        }
    }

    public void ReadSites(string path, AreaTree areas, LocalDate today)
    {
        foreach (CsvRow row in CsvTable.Read(path, SiteColumns, errors))
        {
            string id = row.Required("id");
            var site = new Site(id, row.Required("name"), row["kind"], ReadAreaCode(row, areas, today), ReadPoint(row));
            if (id.Length > 0 && !_sites.TryAdd(id, site))
                row.Error($"site '{id}' stands twice.");
        }
    }

    /// <summary>The area cell: a code that is valid today, or nothing.</summary>
    public static string? ReadAreaCode(CsvRow row, AreaTree areas, LocalDate today)
    {
        if (row.Optional("area") is not { } code)
            return null;

        if (!areas.Knows(code))
            row.Error($"area '{code}' is unknown.");
        else if (areas.Find(code, today) is null)
            row.Error($"area '{code}' is not valid on {today:uuuu-MM-dd}.");

        return code;
    }

    /// <summary>The lat and lon cells: both or neither, and inside the country's frame.</summary>
    public static GeoPoint? ReadPoint(CsvRow row)
    {
        double? latitude = row.Number("lat");
        double? longitude = row.Number("lon");
        if ((row["lat"].Length == 0) != (row["lon"].Length == 0))
            row.Error("lat and lon belong together; one is empty.");
        if (latitude is not { } lat || longitude is not { } lon)
            return null;

        // A frame around the provinces with their islands; it catches swapped columns and degrees written as minutes.
        if (lat is < 7.5 or > 24 || lon is < 102 or > 118)
            row.Error($"lat {row["lat"]}, lon {row["lon"]} is outside Việt Nam (7.5 to 24 north, 102 to 118 east).");

        return new GeoPoint(lat, lon);
    }

    private static Area? ReadArea(CsvRow row)
    {
        string code = row.Required("code");
        string name = row.Required("name");
        int level = Array.IndexOf(Levels, row["level"]);
        if (level < 0)
            row.Error($"level '{row["level"]}' is unknown; known are {string.Join(", ", Levels)}.");
        if (code.Any(c => !char.IsAsciiDigit(c)))
            row.Error($"code '{code}' is not made of digits.");
        if (row["valid_from"].Length == 0)
            row.Error("valid_from is empty.");

        LocalDate? from = row.Date("valid_from");
        LocalDate? to = row.Date("valid_to");
        if (to < from)
            row.Error($"valid_to {row["valid_to"]} is before valid_from {row["valid_from"]}.");

        GeoPoint? centre = ReadPoint(row);
        if (level < 0 || from is null || code.Length == 0)
            return null;

        return new Area
        {
            Code = code,
            Name = name,
            Level = (AreaLevel)level,
            Parent = row.Optional("parent"),
            ValidFrom = from.Value,
            ValidTo = to,
            Centre = centre,
            Predecessors = row.List("predecessors"),
        };
    }

    private static void CheckParent(CsvRow row, Area area, AreaTree tree)
    {
        if (area.Parent is not { } code)
        {
            if (area.Level != AreaLevel.Province)
                row.Error("parent is empty; only a province has none.");
            return;
        }

        if (!tree.Knows(code))
            row.Error($"parent '{code}' is unknown.");
        else if (tree.Find(code, area.ValidFrom) is not { } parent)
            row.Error($"parent '{code}' is not valid on {area.ValidFrom:uuuu-MM-dd}.");
        else if (parent.Level >= area.Level)
            row.Error($"parent '{code}' is a {Levels[(int)parent.Level]} and cannot stand above a {Levels[(int)area.Level]}.");
        else if (parent.ValidTo is { } last && (area.ValidTo is not { } own || own > last))
            row.Error($"parent '{code}' ends on {last:uuuu-MM-dd}, before this area does.");
    }

    private static ZoneUnit ReadUnit(YamlMap entry, AreaTree areas)
    {
        string code = entry.Required("code");
        LocalDate? from = entry.Date("from");
        LocalDate? to = entry.Date("to");
        if (!entry.Has("from"))
            entry.Error("from is missing.");
        if (to < from)
            entry.Error("to", "to is before from.");
        if (code.Length > 0 && !areas.Knows(code))
            entry.Error("code", $"area '{code}' is unknown.");
        else if (code.Length > 0 && from is { } day && areas.Find(code, day) is null)
            entry.Error("code", $"area '{code}' is not valid on {day:uuuu-MM-dd}.");

        entry.Close();
        return new ZoneUnit(code, from ?? default, to);
    }

    private static bool Overlap(Area one, Area other) =>
        (one.ValidTo is not { } oneLast || other.ValidFrom <= oneLast) && (other.ValidTo is not { } otherLast || one.ValidFrom <= otherLast);
}
