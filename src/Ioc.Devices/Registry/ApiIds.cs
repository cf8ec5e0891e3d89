using System.Text;

namespace Ioc.Devices.Registry;

/// <summary>The lasting identity of a device as one URL-safe word.</summary>
/// <remarks>
/// The key alone for the default source, else <c>source~key</c>; bytes of either outside <c>A-Z a-z 0-9 . _ -</c> stand as <c>%XX</c>.
/// Since <c>~</c> and <c>%</c> are always escaped inside a part, two identities never share an id.
/// </remarks>
public static class ApiIds
{
    /// <summary>The id of a device.</summary>
    public static string Of(string source, string key)
    {
        var id = new StringBuilder(source.Length + key.Length + 1);
        if (source != Device.DefaultSource)
            Escape(source, id).Append('~');

        return Escape(key, id).ToString();
    }

    /// <summary>Source and key behind an id.</summary>
    /// <returns>False when it is not an id that <see cref="Of"/> gives.</returns>
    public static bool TryParse(string apiId, out string source, out string key)
    {
        int tilde = apiId.IndexOf('~', StringComparison.Ordinal);
        source = tilde < 0 ? Device.DefaultSource : Uri.UnescapeDataString(apiId[..tilde]);
        key = Uri.UnescapeDataString(apiId[(tilde + 1)..]);
        return key.Length > 0 && source.Length > 0 && Of(source, key) == apiId;
    }

    /// <summary>The id that a web server has unescaped once on its way here: escapes what an id cannot hold.</summary>
    public static string Restore(string unescaped)
    {
        int tilde = unescaped.IndexOf('~', StringComparison.Ordinal);
        return Of(tilde < 0 ? Device.DefaultSource : unescaped[..tilde], unescaped[(tilde + 1)..]);
    }

    private static StringBuilder Escape(string part, StringBuilder into)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(part))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'_' or (byte)'-')
                into.Append((char)b);
            else
                into.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return into;
    }
}
