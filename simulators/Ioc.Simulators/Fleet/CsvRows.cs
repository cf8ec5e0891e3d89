using System.Text;

namespace Ioc.Simulators.Fleet;

/// <summary>Rows of a CSV text: comma, RFC 4180 quoting, a quoted cell may hold line breaks. Empty lines are skipped.</summary>
internal static class CsvRows
{
    /// <summary>Each row with the number of the line it starts on, from 1.</summary>
    public static IEnumerable<(int Line, string[] Cells)> Read(TextReader reader)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        int line = 0;

        while (reader.ReadLine() is { } text)
        {
            int firstLine = ++line;
            bool quoted = false;
            if (text.Length == 0)
                continue;

            for (int i = 0; ; i++)
            {
                if (i == text.Length)
                {
                    if (!quoted)
                        break;

                    // A line break inside quotes belongs to the cell.
                    text = reader.ReadLine() ?? throw new FormatException($"a quote opened on line {firstLine} is never closed");
                    line++;
                    cell.Append('\n');
                    i = -1;
                    continue;
                }

                char c = text[i];
                if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[++i]);
                else if (c == '"' && (quoted || cell.Length == 0))
                    quoted = !quoted;
                else if (c == ',' && !quoted)
                    Take(cell, cells);
                else
                    cell.Append(c);
            }

            Take(cell, cells);
            yield return (firstLine, cells.ToArray());
            cells.Clear();
        }
    }

    private static void Take(StringBuilder cell, List<string> cells)
    {
        cells.Add(cell.ToString());
        cell.Clear();
    }
}
