using System.Globalization;

namespace Ioc.Storage;

/// <summary>Where a page ended, as text that survives a URL: whole numbers with dots between them.</summary>
internal static class PageCursor
{
    public static string Write(params ReadOnlySpan<long> parts)
    {
        var text = new System.Text.StringBuilder();
        foreach (long part in parts)
            text.Append(text.Length == 0 ? "" : ".").Append(part.ToString(CultureInfo.InvariantCulture));

        return text.ToString();
    }

    /// <exception cref="BadCursorException">It does not have that many numbers.</exception>
    public static long[] Read(string cursor, int partCount)
    {
        string[] parts = cursor.Split('.');
        var numbers = new long[partCount];
        if (parts.Length != partCount)
            throw new BadCursorException(cursor);

        for (int i = 0; i < partCount; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                throw new BadCursorException(cursor);
        }

        return numbers;
    }
}
