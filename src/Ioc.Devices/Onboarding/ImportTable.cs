using Ioc.Devices.Files;

namespace Ioc.Devices.Onboarding;

/// <summary>One row of an imported table.</summary>
/// <param name="Number">As a spreadsheet counts: the header is row 1.</param>
/// <param name="HasDecimalComma">The table is one of a spreadsheet that writes decimals with a comma.</param>
internal sealed record ImportRow(int Number, bool HasDecimalComma, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The cell of a column without surrounding blanks; null when the table has no such column.</summary>
    public string? this[string column] => Cells.GetValueOrDefault(column);
}

/// <summary>Cuts a table into rows by a header of known columns in any order. Comma or semicolon, whichever the header uses; a byte order mark is passed over.</summary>
internal sealed class ImportTable
{
    private readonly CsvText _text;
    private readonly FileErrors _broken = new();
    private readonly char _separator;
    private List<string> _header = [];
    private bool _saidBroken;

    public ImportTable(string csv)
    {
        string text = csv.TrimStart('\uFEFF');
        string first = text.AsSpan().TrimStart("\r\n").ToString().Split('\n', 2)[0];
        _separator = first.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        _text = new CsvText("", text, _broken, _separator);
    }

    /// <summary>Reads the header; false, with the reasons, when the table cannot be read by it.</summary>
    public bool ReadHeader(IReadOnlyList<string> known, IReadOnlyList<string> needed, List<ImportFault> faults)
    {
        if (_text.Next(out _) is not { } header)
        {
            faults.Add(new ImportFault(1, null, "bảng trống, không có dòng tiêu đề", "the table is empty, it has no header"));
            return false;
        }

        _header = [.. header.Select(name => name.Trim().ToLowerInvariant())];
        int before = faults.Count;
        foreach (string name in _header.Where(name => !known.Contains(name)))
            faults.Add(new ImportFault(1, name, $"không biết cột '{name}'; các cột là {string.Join(", ", known)}", $"column '{name}' is unknown; known are {string.Join(", ", known)}"));
        foreach (string name in needed.Except(_header))
            faults.Add(new ImportFault(1, name, $"thiếu cột '{name}'", $"column '{name}' is missing"));
        foreach (string name in _header.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
            faults.Add(new ImportFault(1, name, $"cột '{name}' có hai lần", $"column '{name}' stands twice"));
        return faults.Count == before;
    }

    /// <summary>The next row.</summary>
    /// <param name="faults">Gets what is wrong with it.</param>
    /// <param name="row">Null when it cannot be cut into cells.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(List<ImportFault> faults, out ImportRow? row)
    {
        row = null;
        if (_text.Next(out _) is not { } cells)
        {
            if (_broken.None || _saidBroken)
                return false;

            // Once: behind a broken quote nobody can say where a row ends.
            _saidBroken = true;
            string what = _broken.Sorted()[0].Message;
            faults.Add(new ImportFault(_text.Row, null, "dấu ngoặc kép sai; từ dòng này trở đi không đọc được", $"{what} Nothing behind it can be read."));
            return true;
        }

        if (cells.Count != _header.Count)
            faults.Add(new ImportFault(_text.Row, null, $"có {cells.Count} ô, tiêu đề có {_header.Count}", $"has {cells.Count} cells, the header has {_header.Count}"));
        else
            row = new ImportRow(_text.Row, _separator == ';', Enumerable.Range(0, cells.Count).ToDictionary(i => _header[i], i => cells[i].Trim(), StringComparer.Ordinal));
        return true;
    }
}
