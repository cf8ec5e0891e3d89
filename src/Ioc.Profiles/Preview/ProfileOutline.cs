using System.Security.Cryptography;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Preview;

/// <summary>What tells one state of a profile from another.</summary>
/// <param name="Name">The profile's name.</param>
/// <param name="Version">First twelve hexadecimal digits of the SHA-256 of its file.</param>
public sealed record ProfileOutline(string Name, string Version)
{
    /// <summary>Reads the outlines of a folder whose files load without error, by name.</summary>
    public static IReadOnlyDictionary<string, ProfileOutline> ReadAll(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var reader = new ConfigReader(new ProfileErrors());
        var outlines = new Dictionary<string, ProfileOutline>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*.profile.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (reader.Open(path, Path.GetRelativePath(folder, path)) is not { } map)
                continue;

            string name = map.RequiredText("name").Value;
            outlines[name] = new ProfileOutline(name, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..12]);
        }

        return outlines;
    }
}
