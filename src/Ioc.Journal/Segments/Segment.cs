using System.Globalization;

namespace Ioc.Journal.Segments;

/// <summary>One segment file as readers and trimming see it.</summary>
internal sealed class Segment(string folder, SegmentHeader header)
{
    private const string Extension = ".segment";

    private long _endOffset = long.MaxValue;
    private long _durableBytes = SegmentHeader.Bytes;
    private long _fileBytes;

    public SegmentHeader Header => header;

    public long FirstOffset => header.FirstOffset;

    public string Path { get; } = System.IO.Path.Combine(folder, header.FirstOffset.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Where to find a record in it; filled as it is asked.</summary>
    public SegmentIndex Index { get; } = new(header);

    /// <summary>Bytes the file takes from the budget; fewer once it is cut to what was written.</summary>
    public required long FileBytes
    {
        get => Volatile.Read(ref _fileBytes);
        set => Volatile.Write(ref _fileBytes, value);
    }

    /// <summary>Where in the file no record may go any more.</summary>
    public required long RecordsEnd { get; init; }

    /// <summary>First offset that is not in it; without end while it is appended to. Set once, before any record behind it is durable.</summary>
    public long EndOffset
    {
        get => Volatile.Read(ref _endOffset);
        set => Volatile.Write(ref _endOffset, value);
    }

    /// <summary>Publishes before <see cref="EndOffset"/>; −1 while that is not known.</summary>
    public long EndPublishCount { get; set; } = -1;

    /// <summary>Bytes of the file that are on the disk and may be read. Moved by the committer before the watermark.</summary>
    public long DurableBytes
    {
        get => Volatile.Read(ref _durableBytes);
        set => Volatile.Write(ref _durableBytes, value);
    }

    /// <summary>An offset behind its last whole record.</summary>
    public SegmentPlace PlaceBehind(long offset) => new(offset, DurableBytes, offset == EndOffset ? EndPublishCount : -1);

    /// <summary>The segment files of a folder with the first offset that each name says, oldest first.</summary>
    public static IReadOnlyList<(string Path, long FirstOffset)> Find(string folder) =>
    [
        .. from path in Directory.EnumerateFiles(folder, "*" + Extension)
           let name = System.IO.Path.GetFileNameWithoutExtension(path)
           where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           let first = long.Parse(name, CultureInfo.InvariantCulture)
           orderby first
           select (path, first),
    ];
}
