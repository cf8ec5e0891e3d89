using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Segments;

/// <summary>A file whose space is taken from the disk, ready to become the next segment: a full disk shows before a record is accepted.</summary>
internal sealed class PreparedSegment : IDisposable
{
    private PreparedSegment(SafeFileHandle file, string path, int bytes)
    {
        File = file;
        Path = path;
        Bytes = bytes;
    }

    public SafeFileHandle File { get; }

    /// <summary>Its name until it begins.</summary>
    public string Path { get; }

    public int Bytes { get; }

    /// <exception cref="IOException">No room, or the folder cannot be written.</exception>
    public static PreparedSegment Create(string folder, int bytes)
    {
        string path = SparePath(folder);
        System.IO.File.Delete(path);
        SafeFileHandle file = System.IO.File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.None, bytes);

        // Preallocation takes the blocks and leaves the length at zero; with the length set, a flush has no length to write.
        RandomAccess.SetLength(file, bytes);
        return new PreparedSegment(file, path, bytes);
    }

    public static void DeleteLeftOver(string folder) => System.IO.File.Delete(SparePath(folder));

    public void Dispose()
    {
        File.Dispose();
        System.IO.File.Delete(Path);
    }

    private static string SparePath(string folder) => System.IO.Path.Combine(folder, "next.spare");
}
