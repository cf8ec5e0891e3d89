using System.Globalization;
using System.Text;

namespace Ioc.Storage.Influx;

/// <summary>Names as tag values, and back.</summary>
/// <remarks>
/// Line protocol has no way to write a line break or a backslash at the end of a value. Control characters, backslash and percent therefore
/// become %XX, in the stored value too; blank, comma and equals sign get their backslash on the wire only.
/// </remarks>
internal static class TagText
{
    /// <summary>As stored.</summary>
    public static string Encode(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (c is < ' ' or '\x7f' or '\\' or '%')
                text.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            else
                text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>As written in a line.</summary>
    public static string Escape(string name) => Encode(name)
        .Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("=", "\\=", StringComparison.Ordinal)
        .Replace(" ", "\\ ", StringComparison.Ordinal);

    /// <summary>The name behind a stored value.</summary>
    public static string Decode(string stored)
    {
        if (!stored.Contains('%', StringComparison.Ordinal))
            return stored;

        var name = new StringBuilder(stored.Length);
        for (int i = 0; i < stored.Length; i++)
        {
            if (stored[i] == '%' && i + 2 < stored.Length && byte.TryParse(stored.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out byte code))
            {
                name.Append((char)code);
                i += 2;
            }
            else
            {
                name.Append(stored[i]);
            }
        }

        return name.ToString();
    }
}
