using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ioc.Profiles.Editions;

/// <summary>Keeps every edition of the profile folder that messages were decoded with: a folder per edition, named by its id.</summary>
/// <remarks>A copy is whole before it bears its name, so an edition that is there is all there. Touched by one thread at a time.</remarks>
/// <param name="path">Folder of the archive; made when missing.</param>
public sealed class EditionArchive(string path)
{
    /// <summary>Length of an edition's id, in characters.</summary>
    public const int IdLength = 16;

    /// <summary>Most bytes one edition may have: thousands of profiles.</summary>
    public const long MaxBytes = 64 << 20;

    private const string Unfinished = ".new";

    /// <summary>Folder of the archive.</summary>
    public string FullPath { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Where an edition's files are, whether it is there or not.</summary>
    public string FolderOf(string id) => System.IO.Path.Combine(FullPath, id);

    /// <summary>Whether an edition is kept.</summary>
    public bool Has(string id) => Directory.Exists(FolderOf(id));

    /// <summary>Copies a profile folder as it is now.</summary>
    /// <param name="folder">The folder that people edit.</param>
    /// <returns>Id of the copy, which may have been there already.</returns>
    /// <exception cref="IOException">It cannot be read, the copy cannot be written, or it is larger than <see cref="MaxBytes"/>.</exception>
    public string Keep(string folder)
    {
        string unfinished = FolderOf(Unfinished);
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);

        Directory.CreateDirectory(unfinished);
        string id = CopyTo(unfinished, folder);
        if (Has(id))
            Directory.Delete(unfinished, recursive: true);
        else
            Directory.Move(unfinished, FolderOf(id));
        return id;
    }

    /// <summary>Forgets all editions but these.</summary>
    public void KeepOnly(IReadOnlySet<string> ids)
    {
        if (!Directory.Exists(FullPath))
            return;

        foreach (string folder in Directory.EnumerateDirectories(FullPath))
        {
            string id = System.IO.Path.GetFileName(folder);
            if (id.Length == IdLength && !ids.Contains(id))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static string CopyTo(string target, string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        long total = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/');
            byte[] content = File.ReadAllBytes(file);
            total += content.Length;
            if (total > MaxBytes)
                throw new IOException($"The profile folder '{folder}' is larger than {MaxBytes >> 20} MiB.");

            BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
            hash.AppendData(length);
            hash.AppendData(content);
            string copy = System.IO.Path.Combine(target, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..IdLength];
    }
}
