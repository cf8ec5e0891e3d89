using System.Text.Json;
using NodaTime;

namespace Ioc.Profiles.Editions;

/// <summary>From which journal offset on an edition decodes.</summary>
/// <param name="Offset">The first offset.</param>
/// <param name="Id">The edition.</param>
/// <param name="SinceUnixMilliseconds">When it came into force.</param>
public sealed record EditionSince(long Offset, string Id, long SinceUnixMilliseconds)
{
    /// <summary>When it came into force.</summary>
    public Instant Since() => Instant.FromUnixTimeMilliseconds(SinceUnixMilliseconds);
}

/// <summary>Which edition decodes which part of the journal, in a file that is replaced whole. Thread-safe.</summary>
/// <param name="path">The file.</param>
internal sealed class EditionHistory(string path)
{
    private volatile EditionSince[] _entries = File.Exists(path) ? JsonSerializer.Deserialize<EditionSince[]>(File.ReadAllBytes(path)) ?? [] : [];

    /// <summary>By offset, the oldest first.</summary>
    public IReadOnlyList<EditionSince> Entries => _entries;

    /// <summary>The edition in force at an offset; the oldest one known when the offset is older; null when none is known.</summary>
    public EditionSince? At(long offset)
    {
        EditionSince[] entries = _entries;
        return Array.FindLast(entries, entry => entry.Offset <= offset) ?? entries.FirstOrDefault();
    }

    /// <summary>Notes a change and forgets what no record of the journal needs any more.</summary>
    /// <param name="entry">The change; at or behind the newest known.</param>
    /// <param name="firstOffset">First offset the journal still has.</param>
    public void Add(EditionSince entry, long firstOffset)
    {
        EditionSince[] all = [.. _entries.Where(known => known.Offset < entry.Offset), entry];
        int oldest = Math.Max(0, Array.FindLastIndex(all, known => known.Offset <= firstOffset));
        Write(all[oldest..]);
    }

    private void Write(EditionSince[] entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".new";
        using (FileStream file = File.Create(unfinished))
        {
            JsonSerializer.Serialize(file, entries);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        _entries = entries;
    }
}
