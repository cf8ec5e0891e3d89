namespace Ioc.Server.Pipeline;

/// <summary>Names, sizes and times of the YAML files of a folder, in one number: another number means that something changed.</summary>
/// <param name="Value">The number; 0 before the folder was looked at.</param>
internal readonly record struct FolderStamp(int Value)
{
    /// <summary>Looks at a folder.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FolderStamp Of(string folder)
    {
        var hash = new HashCode();
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*.yaml", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            hash.Add(file.FullName, StringComparer.Ordinal);
            hash.Add(file.Length);
            hash.Add(file.LastWriteTimeUtc);
        }

        return new FolderStamp(hash.ToHashCode());
    }
}
