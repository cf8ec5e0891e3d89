using System.Runtime.InteropServices;

namespace Ioc.Journal.Segments;

/// <summary>Records on their way to the disk, one after another as they will lie there. Owned by the queue or by the committer, never both.</summary>
internal sealed class AppendGroup(int bytes)
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
    private readonly List<Run> _runs = [];
    private readonly List<(Segment Segment, SegmentPlace Place)> _places = [];

    /// <summary>A stretch of the group that goes to one segment, up to the next stretch or the group's end.</summary>
    public readonly record struct Run(Segment Segment, long Position, int Start, PreparedSegment? Begins);

    public int UsedBytes { get; private set; }

    public int FreeBytes => _bytes.Length - UsedBytes;

    public int RecordCount { get; private set; }

    /// <summary>The offset behind its last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Publishes ever accepted, its own included.</summary>
    public long PublishCount { get; private set; }

    public bool IsEmpty => RecordCount == 0;

    /// <summary>True when a prepared file in it has not got its name yet; another is only made after that.</summary>
    public bool BeginsSegment { get; private set; }

    public ReadOnlySpan<Run> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>Places for the segments' indexes, true once the group is durable.</summary>
    public ReadOnlySpan<(Segment Segment, SegmentPlace Place)> Places => CollectionsMarshal.AsSpan(_places);

    public ReadOnlyMemory<byte> BytesOf(int run)
    {
        int start = _runs[run].Start;
        int end = run + 1 < _runs.Count ? _runs[run + 1].Start : UsedBytes;
        return _bytes.AsMemory(start, end - start);
    }

    /// <summary>Starts a stretch at a place of a segment, with the file when the segment begins here.</summary>
    public void StartRun(Segment segment, long position, PreparedSegment? begins)
    {
        _runs.Add(new Run(segment, position, UsedBytes, begins));
        BeginsSegment |= begins is not null;
    }

    public void Learn(Segment segment, in SegmentPlace place) => _places.Add((segment, place));

    /// <summary>Room for the next record, taken at once.</summary>
    public Span<byte> Take(int length)
    {
        Span<byte> taken = _bytes.AsSpan(UsedBytes, length);
        UsedBytes += length;
        return taken;
    }

    public void Count(long nextOffset, long publishCount)
    {
        RecordCount++;
        NextOffset = nextOffset;
        PublishCount = publishCount;
    }

    public void Clear()
    {
        _runs.Clear();
        _places.Clear();
        UsedBytes = RecordCount = 0;
        BeginsSegment = false;
    }
}
