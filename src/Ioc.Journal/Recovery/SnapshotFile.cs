using System.Buffers;
using Ioc.Journal.Segments;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Recovery;

/// <summary>State kept beside the journal, written whole and atomically: what a start reads instead of the whole journal.</summary>
/// <remarks>
/// Three names: the file, the one before it (".previous") as a fall-back, and one that is being written (".new"). Power may go at
/// any moment: one whole snapshot is always there once one was. The journal must keep what the fall-back needs too, so the cursor to
/// set is <see cref="RetainFrom"/>, not the newest snapshot's offset. Touched by one thread at a time.
/// </remarks>
/// <param name="path">The file; its folder is made when missing.</param>
/// <param name="log">Gets one line about what was found.</param>
public sealed class SnapshotFile(string path, ILogger log)
{
    // Offsets of the snapshots that bear these names and are whole.
    private long? _current;
    private long? _previous;

    private string New => path + ".new";

    private string Previous => path + ".previous";

    /// <summary>Records from here on must be kept, for the fall-back snapshot too. Zero when there is no snapshot.</summary>
    public long RetainFrom => _previous ?? _current ?? 0;

    /// <summary>Reads the newest whole snapshot, and says in one log line what there was.</summary>
    /// <returns>Null when there is none, or none that is whole.</returns>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public Snapshot? Read()
    {
        var damaged = new List<string>();
        Snapshot? current = ReadWhole(path, damaged);
        Snapshot? previous = ReadWhole(Previous, damaged);
        (_current, _previous) = (current?.Offset, previous?.Offset);

        // Half of it is what a crash leaves, and no damage; all of it missed its name only.
        if (ReadWhole(New, []) is { } interrupted && interrupted.Offset >= (_current ?? 0))
        {
            previous = current ?? previous;
            current = interrupted;
            Shift(interrupted.Offset);
        }

        Tell(current ?? previous, damaged);
        return current ?? previous;
    }

    /// <summary>Replaces the snapshot; when this returns, it is on the disk.</summary>
    /// <param name="offset">First journal record that is not in it; it and all before it are durable.</param>
    /// <param name="bytes">Opaque.</param>
    /// <exception cref="IOException">No room, or the disk failed: the snapshots so far are as they were.</exception>
    public void Write(long offset, in ReadOnlySequence<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Directory.CreateDirectory(Folder);
        using (SafeFileHandle file = File.OpenHandle(New, FileMode.Create, FileAccess.Write))
        {
            SnapshotFormat.Write(file, offset, bytes);
            RandomAccess.FlushToDisk(file);
        }

        Shift(offset);
    }

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // A crash between the two renames leaves the newest whole under ".new". A damaged file never takes the fall-back's place.
    private void Shift(long newest)
    {
        if (_current is not null)
        {
            File.Move(path, Previous, overwrite: true);
            (_previous, _current) = (_current, null);
        }

        File.Move(New, path, overwrite: true);
        _current = newest;
        DirectorySync.Flush(Folder);
    }

    private static Snapshot? ReadWhole(string file, List<string> damaged)
    {
        try
        {
            if (!File.Exists(file))
                return null;

            if (SnapshotFormat.Read(File.ReadAllBytes(file)) is { } whole)
                return whole;
        }
        catch (IOException)
        {
            // A bad sector, or more than two GiB, which this never wrote.
        }

        damaged.Add(Path.GetFileName(file));
        return null;
    }

    private void Tell(Snapshot? found, List<string> damaged)
    {
        string names = string.Join(", ", damaged);
        if (found is null && damaged.Count == 0)
            SnapshotLog.None(log, path);
        else if (found is null)
            SnapshotLog.NoneWhole(log, path, names);
        else if (damaged.Count == 0)
            SnapshotLog.Found(log, path, found.Offset, found.Bytes.Length);
        else
            SnapshotLog.FoundBesideDamage(log, path, found.Offset, found.Bytes.Length, names);
    }
}

/// <summary>What a start says about a snapshot. Event ids 3020 to 3029.</summary>
internal static partial class SnapshotLog
{
    [LoggerMessage(3020, LogLevel.Information, "Snapshot {Path}: {Bytes} bytes, journal offset {Offset}")]
    public static partial void Found(ILogger log, string path, long offset, int bytes);

    [LoggerMessage(3021, LogLevel.Error, "Snapshot {Path}: {Bytes} bytes, journal offset {Offset}; damaged and passed over: {Damaged}")]
    public static partial void FoundBesideDamage(ILogger log, string path, long offset, int bytes, string damaged);

    [LoggerMessage(3022, LogLevel.Error, "Snapshot {Path}: none is whole, damaged are {Damaged}; only what the journal still keeps is known")]
    public static partial void NoneWhole(ILogger log, string path, string damaged);

    [LoggerMessage(3023, LogLevel.Information, "Snapshot {Path}: none yet")]
    public static partial void None(ILogger log, string path);
}
