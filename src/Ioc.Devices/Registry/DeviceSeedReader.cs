using System.Text;
using Ioc.Devices.Files;
using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>Reads <c>devices.csv</c> of seed folders.</summary>
internal sealed class DeviceSeedReader(FileErrors errors, AreaTree areas, SeedReader places, LocalDate today)
{
    private static readonly string[] Columns = ["key", "source", "name", "family", "profile", "site", "area", "lat", "lon", "period_s", "parent", "params"];

    private readonly List<(CsvRow Row, Device Device)> _devices = [];
    private readonly Dictionary<string, CsvRow> _byApiId = new(StringComparer.Ordinal);

    public void Read(string path)
    {
        foreach (CsvRow row in CsvTable.Read(path, Columns, errors))
        {
            Device device = ReadDevice(row);
            if (device.Key.Length == 0)
                continue;

            if (_byApiId.TryAdd(device.ApiId, row))
                _devices.Add((row, device));
            else
                row.Error($"device '{device.Key}' of source '{device.Source}' stands twice.");
        }
    }

    /// <summary>Ties devices to their concentrators, which may stand in any order and file.</summary>
    public IReadOnlyList<Device> Link()
    {
        foreach ((CsvRow row, Device device) in _devices)
        {
            if (device.Parent is { } parent && !_byApiId.ContainsKey(parent))
                row.Error($"parent '{row["parent"]}' is unknown.");
            if (device.Parent == device.ApiId)
                row.Error("is its own parent.");
        }

        return [.. _devices.Select(known => known.Device)];
    }

    private Device ReadDevice(CsvRow row)
    {
        string key = row.Required("key");
        string source = row.Optional("source") ?? Device.DefaultSource;
        string family = row.Required("family");
        if (family.Length > 0 && !Families.Contains(family))
            row.Error($"family '{family}' is unknown; known are {string.Join(", ", Families.All)}.");
        if (Encoding.UTF8.GetByteCount(key) > DeviceRegistry.MaxPartBytes || Encoding.UTF8.GetByteCount(source) > DeviceRegistry.MaxPartBytes)
            row.Error($"key or source is longer than {DeviceRegistry.MaxPartBytes} bytes.");

        Site? site = ReadSite(row);
        string? area = SeedReader.ReadAreaCode(row, areas, today) ?? site?.Area;
        return new Device
        {
            ApiId = ApiIds.Of(source, key),
            Source = source,
            Key = key,
            Name = row.Optional("name") ?? key,
            Family = family,
            Profile = row.Optional("profile"),
            Site = site?.Id,
            Area = area,
            AreaName = area is null ? null : areas.Find(area, today)?.Name,
            Zones = [.. places.Zones.Where(zone => zone.Units.Any(unit => unit.Code == area && unit.IsValidOn(today))).Select(zone => zone.Id)],
            Position = SeedReader.ReadPoint(row) ?? site?.Position,
            Parent = ReadParent(row, source),
            Period = ReadPeriod(row),
            Parameters = ReadParameters(row),
        };
    }

    private Site? ReadSite(CsvRow row)
    {
        if (row.Optional("site") is not { } id)
            return null;
        if (places.Sites.TryGetValue(id, out Site? site))
            return site;

        row.Error($"site '{id}' is unknown.");
        return null;
    }

    // A concentrator is written as its key where it shares the source, else as source~key.
    private static string? ReadParent(CsvRow row, string source)
    {
        if (row.Optional("parent") is not { } parent)
            return null;

        return parent.Contains('~', StringComparison.Ordinal) ? ApiIds.Restore(parent) : ApiIds.Of(source, parent);
    }

    private static Duration ReadPeriod(CsvRow row)
    {
        double? seconds = row.Number("period_s");
        if (row["period_s"].Length == 0)
            row.Error("period_s is empty.");
        else if (seconds is <= 0 or > 31 * 86_400)
            row.Error($"period_s {row["period_s"]} is not between 0 and 31 days.");

        return seconds is > 0 and <= 31 * 86_400 ? Duration.FromSeconds(seconds.Value) : Duration.FromMinutes(5);
    }

    private static Dictionary<string, string> ReadParameters(CsvRow row)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in row.List("params"))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || pair[0].Length == 0 || pair[1].Length == 0)
                row.Error($"params '{part}' is not name=value.");
            else if (!parameters.TryAdd(pair[0], pair[1]))
                row.Error($"params name '{pair[0]}' stands twice.");
        }

        return parameters;
    }
}
