using System.Globalization;
using Ioc.Devices.Registry;

namespace Ioc.Devices.Onboarding;

/// <summary>The cells of one row as wishes; what cannot be read becomes a fault of its column.</summary>
internal static class ImportCells
{
    public static DeviceEdit Read(ImportRow row, string source, ICollection<EditFault> faults) => new()
    {
        Name = Text(row, "name"),
        Family = Text(row, "family"),
        Profile = Text(row, "profile"),
        Site = Text(row, "site"),
        Area = Text(row, "area"),
        Position = Position(row, faults),
        PeriodSeconds = row["period_s"] is null ? default : new Given<double?>(Number(row, "period_s", faults)),
        Parent = Parent(row, source),
        Parameters = Parameters(row, faults),
        TimeZone = Text(row, "time_zone"),
    };

    private static Given<string> Text(ImportRow row, string column) =>
        row[column] is { } cell ? new Given<string>(cell.Length == 0 ? null : cell) : default;

    private static Given<GeoPoint?> Position(ImportRow row, ICollection<EditFault> faults)
    {
        if (row["lat"] is not { } latCell || row["lon"] is not { } lonCell)
        {
            if (row["lat"] is not null || row["lon"] is not null)
                faults.Add(new EditFault(row["lat"] is null ? "lat" : "lon", "cần cả hai cột lat và lon", "lat and lon belong together; one column is missing"));
            return default;
        }

        if ((latCell.Length == 0) != (lonCell.Length == 0))
            faults.Add(new EditFault(latCell.Length == 0 ? "lat" : "lon", "lat và lon phải đi cùng nhau; một ô trống", "lat and lon belong together; one cell is empty"));
        double? lat = Number(row, "lat", faults);
        double? lon = Number(row, "lon", faults);
        return new Given<GeoPoint?>(lat is { } y && lon is { } x ? new GeoPoint(y, x) : null);
    }

    // A spreadsheet that separates cells with semicolons writes decimals with a comma.
    private static double? Number(ImportRow row, string column, ICollection<EditFault> faults)
    {
        if (row[column] is not { Length: > 0 } cell)
            return null;

        string text = row.HasDecimalComma ? cell.Replace(',', '.') : cell;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;

        faults.Add(new EditFault(column, $"'{cell}' không phải là số", $"'{cell}' is not a number"));
        return null;
    }

    // A concentrator is written as its key where it shares the source, else as source~key.
    private static Given<string> Parent(ImportRow row, string source)
    {
        if (row["parent"] is not { } parent)
            return default;
        if (parent.Length == 0)
            return new Given<string>(null);

        return new Given<string>(parent.Contains('~', StringComparison.Ordinal) ? ApiIds.Restore(parent) : ApiIds.Of(source, parent));
    }

    private static Given<IReadOnlyDictionary<string, string>> Parameters(ImportRow row, ICollection<EditFault> faults)
    {
        if (row["params"] is not { } cell)
            return default;

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in cell.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2)
                faults.Add(new EditFault("params", $"'{part}' không có dạng tên=giá trị", $"'{part}' is not name=value"));
            else if (!parameters.TryAdd(pair[0], pair[1]))
                faults.Add(new EditFault("params", $"tham số '{pair[0]}' có hai lần", $"parameter '{pair[0]}' stands twice"));
        }

        return new Given<IReadOnlyDictionary<string, string>>(parameters);
    }
}
