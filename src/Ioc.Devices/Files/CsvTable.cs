using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Ioc.Devices.Files;

/// <summary>A CSV file with a header of known columns.</summary>
internal static class CsvTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns that the header must name, in any order.</param>
    /// <param name="errors">Takes what is wrong; rows that cannot be cut into cells are left out.</param>
    public static List<CsvRow> Read(string path, IReadOnlyList<string> columns, FileErrors errors)
    {
        var rows = new List<CsvRow>();
        if (errors.ReadText(path) is not { } content)
            return rows;

        var text = new CsvText(path, content, errors);
        if (text.Next(out int headerLine) is not { } header)
        {
            if (errors.None)
                errors.Add(path, 1, "has no header.");
            return rows;
        }

        if (!CheckHeader(path, headerLine, header, columns, errors))
            return rows;

        while (text.Next(out int line) is { } cells)
        {
            if (cells.Count == header.Count)
                rows.Add(new CsvRow(path, line, header, cells, errors));
            else
                errors.Add(path, line, $"has {cells.Count} cells, the header has {header.Count}.");
        }

        return rows;
    }

    private static bool CheckHeader(string path, int line, List<string> header, IReadOnlyList<string> columns, FileErrors errors)
    {
        string[] missing = [.. columns.Except(header)];
        string[] unknown = [.. header.Except(columns)];
        string[] twice = [.. header.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key)];
        foreach (string name in missing)
            errors.Add(path, line, $"column '{name}' is missing.");
        foreach (string name in unknown)
            errors.Add(path, line, $"column '{name}' is unknown; known are {string.Join(", ", columns)}.");
        foreach (string name in twice)
            errors.Add(path, line, $"column '{name}' stands twice.");

        return missing.Length + unknown.Length + twice.Length == 0;
    }
}

/// <summary>One record of a CSV file.</summary>
internal sealed class CsvRow(string path, int line, List<string> header, List<string> cells, FileErrors errors)
{
    /// <summary>The line on which it begins.</summary>
    public int Line => line;

    /// <summary>The cell of a column; empty when there is nothing in it.</summary>
    public string this[string column] => cells[header.IndexOf(column)];

    /// <summary>Notes an error of this record.</summary>
    public void Error(string message) => errors.Add(path, line, message);

    /// <summary>A cell that may not be empty.</summary>
    public string Required(string column)
    {
        string cell = this[column];
        if (cell.Length == 0)
            Error($"{column} is empty.");
        return cell;
    }

    /// <summary>A cell as text; null when empty.</summary>
    public string? Optional(string column) => this[column] is { Length: > 0 } cell ? cell : null;

    /// <summary>A cell as a list, parts set apart by semicolons.</summary>
    public string[] List(string column) => this[column].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A cell as a finite number with a decimal point; null when empty or wrong.</summary>
    public double? Number(string column)
    {
        string cell = this[column];
        if (cell.Length == 0)
            return null;
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return number;

        Error($"{column} '{cell}' is not a number.");
        return null;
    }

    /// <summary>A cell as a date yyyy-MM-dd; null when empty or wrong.</summary>
    public LocalDate? Date(string column)
    {
        string cell = this[column];
        if (cell.Length == 0)
            return null;
        if (LocalDatePattern.Iso.Parse(cell) is { Success: true } date)
            return date.Value;

        Error($"{column} '{cell}' is not a date such as 2025-07-01.");
        return null;
    }
}
