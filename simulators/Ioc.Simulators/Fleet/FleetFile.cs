using System.Globalization;
using NodaTime;

namespace Ioc.Simulators.Fleet;

/// <summary>Reads the devices of a seeds folder and finds every error before anything is played.</summary>
internal static class FleetFile
{
    private static readonly string[] RequiredColumns = ["key", "name", "family", "profile", "period_s", "parent", "params"];

    /// <summary>The devices of devices.csv in <paramref name="folder"/>, in the file's order.</summary>
    /// <exception cref="FleetFileException">Anything is wrong with the file; lists all that is.</exception>
    public static IReadOnlyList<FleetDevice> Load(string folder, IReadOnlyCollection<string> knownProfiles)
    {
        string path = Path.Combine(folder, "devices.csv");
        if (!File.Exists(path))
            throw new FleetFileException([$"{path}: no such file; --seeds names the folder that holds devices.csv"]);

        using var reader = new StreamReader(path);
        return Read(reader, path, knownProfiles);
    }

    public static IReadOnlyList<FleetDevice> Read(TextReader reader, string path, IReadOnlyCollection<string> knownProfiles)
    {
        var errors = new List<string>();
        var devices = new List<(int Line, FleetDevice Device)>();
        string[]? header = null;

        try
        {
            foreach ((int line, string[] cells) in CsvRows.Read(reader))
            {
                if (header is null)
                {
                    header = cells;
                    foreach (string column in RequiredColumns.Except(header))
                        errors.Add($"{path}:{line}: column {column} is missing");
                    if (errors.Count > 0)
                        break;
                }
                else if (cells.Length != header.Length)
                {
                    errors.Add($"{path}:{line}: {cells.Length} cells where the header has {header.Length}");
                }
                else if (ReadRow(header, cells, $"{path}:{line}", knownProfiles, errors) is { } device)
                {
                    devices.Add((line, device));
                }
            }
        }
        catch (FormatException broken)
        {
            errors.Add($"{path}: {broken.Message}");
        }

        if (header is null && errors.Count == 0)
            errors.Add($"{path}:1: the file is empty");

        CheckKeys(devices, path, errors);
        return errors.Count == 0 ? devices.ConvertAll(d => d.Device) : throw new FleetFileException(errors);
    }

    private static FleetDevice? ReadRow(
        string[] header, string[] cells, string place, IReadOnlyCollection<string> knownProfiles, List<string> errors)
    {
        int before = errors.Count;
        string Cell(string column) => cells[Array.IndexOf(header, column)].Trim();

        string key = Cell("key");
        if (key.Length == 0 || key.AsSpan().ContainsAny("/+#"))
            errors.Add($"{place}: key '{key}' cannot be a topic level");

        string profile = Cell("profile");
        if (!knownProfiles.Contains(profile))
            errors.Add($"{place}: profile '{profile}' has no encoder here; there are {string.Join(", ", knownProfiles)}");

        if (!int.TryParse(Cell("period_s"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is < 1 or > 86_400)
            errors.Add($"{place}: period_s '{Cell("period_s")}' is not a whole number of seconds from 1 to 86400");

        Dictionary<string, string> parameters = ReadParameters(Cell("params"), place, errors);
        if (errors.Count > before)
            return null;

        string parent = Cell("parent");
        return new FleetDevice(key, Cell("name"), Cell("family"), profile, Duration.FromSeconds(seconds), parent.Length == 0 ? null : parent, parameters);
    }

    private static Dictionary<string, string> ReadParameters(string text, string place, List<string> errors)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parameters.TryAdd(part[..equals], part[(equals + 1)..]))
                errors.Add($"{place}: parameter '{part}' is not name=value, or is given twice");
            else if (part[..equals] is not ("phase" or "timezone") && !double.TryParse(part[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                errors.Add($"{place}: parameter '{part}' is not a number");
        }

        return parameters;
    }

    private static void CheckKeys(List<(int Line, FleetDevice Device)> devices, string path, List<string> errors)
    {
        var lineOfKey = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int line, FleetDevice device) in devices)
        {
            if (!lineOfKey.TryAdd(device.Key, line))
                errors.Add($"{path}:{line}: key '{device.Key}' is on line {lineOfKey[device.Key]} already");
        }

        foreach ((int line, FleetDevice device) in devices)
        {
            if (device.Parent is { } parent && !lineOfKey.ContainsKey(parent))
                errors.Add($"{path}:{line}: parent '{parent}' of '{device.Key}' is no device of this file");
        }
    }
}
