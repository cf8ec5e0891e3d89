using System.Text;

namespace Ioc.Devices.Files;

/// <summary>Cuts CSV text into records after RFC 4180: commas (or another separator), double quotes, line ends CRLF or LF. Strict: a stray quote is an error.</summary>
internal sealed class CsvText(string path, string text, FileErrors errors, char separator = ',')
{
    private int _at;
    private int _line = 1;

    // Line ends inside quotes so far: a spreadsheet does not count them.
    private int _innerLines;

    /// <summary>Row of the last record as a spreadsheet counts, from 1.</summary>
    public int Row { get; private set; }

    /// <summary>The next record that is not an empty line.</summary>
    /// <param name="line">The line on which it begins.</param>
    /// <returns>Null at the end of the text, or after broken quoting, which makes the rest unreadable.</returns>
    public List<string>? Next(out int line)
    {
        while (_at < text.Length && AtLineEnd())
            SkipLineEnd();

        line = _line;
        Row = _line - _innerLines;
        if (_at == text.Length)
            return null;

        var cells = new List<string>();
        while (true)
        {
            if (ReadCell(line) is not { } cell)
                return null;

            cells.Add(cell);
            if (_at == text.Length)
                return cells;
            if (AtLineEnd())
            {
                SkipLineEnd();
                return cells;
            }

            _at++; // the separator
        }
    }

    private string? ReadCell(int recordLine)
    {
        if (_at < text.Length && text[_at] == '"')
            return ReadQuoted();

        int start = _at;
        while (_at < text.Length && text[_at] != separator && !AtLineEnd())
        {
            if (text[_at] == '"')
                return Broken(recordLine, "a quote inside a cell that does not begin with one; write the cell in quotes and double the inner ones.");
            _at++;
        }

        return text[start.._at].Trim();
    }

    private string? ReadQuoted()
    {
        int opened = _line;
        var cell = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            char c = text[_at];
            if (c == '\n')
            {
                _line++;
                _innerLines++;
            }

            if (c != '"')
            {
                cell.Append(c);
                continue;
            }

            _at++;
            if (_at < text.Length && text[_at] == '"')
            {
                cell.Append('"');
                continue;
            }

            return _at == text.Length || text[_at] == separator || AtLineEnd()
                ? cell.ToString()
                : Broken(_line, "text after a closing quote.");
        }

        return Broken(opened, "a quote is opened and never closed.");
    }

    private string? Broken(int line, string message)
    {
        errors.Add(path, line, message);
        _at = text.Length;
        return null;
    }

    private bool AtLineEnd() => text[_at] == '\n' || (text[_at] == '\r' && _at + 1 < text.Length && text[_at + 1] == '\n');

    private void SkipLineEnd()
    {
        _at += text[_at] == '\r' ? 2 : 1;
        _line++;
    }
}
