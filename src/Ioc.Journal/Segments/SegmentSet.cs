using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Ioc.Journal.Segments;

/// <summary>The segments that are kept, oldest first, and the cursors that keep them. Thread-safe; reading takes no lock.</summary>
internal sealed class SegmentSet
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _cursors = [];
    private readonly JournalOptions _options;
    private Segment[] _segments;

    public SegmentSet(JournalOptions options, IEnumerable<Segment> recovered)
    {
        _options = options;
        _segments = [.. recovered];
    }

    public ReadOnlySpan<Segment> All => Volatile.Read(ref _segments);

    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (Segment segment in All)
                bytes += segment.FileBytes;

            return bytes;
        }
    }

    public void Add(Segment segment)
    {
        lock (_gate)
            Volatile.Write(ref _segments, [.. _segments, segment]);
    }

    public void SetCursor(string consumer, long nextOffset)
    {
        lock (_gate)
            _cursors[consumer] = nextOffset;
    }

    /// <summary>The newest segment that begins at or below an offset.</summary>
    public bool TryFind(long offset, [NotNullWhen(true)] out Segment? segment)
    {
        segment = null;
        foreach (Segment candidate in All)
        {
            if (candidate.FirstOffset > offset)
                break;

            segment = candidate;
        }

        return segment is not null;
    }

    /// <summary>Deletes old segments that every cursor has passed until one more fits the budget.</summary>
    public bool TryMakeRoom(long bytes)
    {
        while (Bytes + bytes > _options.BudgetBytes)
        {
            if (!TryDropOldest(_ => true))
                return false;
        }

        return true;
    }

    /// <summary>True when deleting would help: the oldest segment has been passed by every cursor.</summary>
    public bool CanDropOldest
    {
        get
        {
            lock (_gate)
                return IsPassed(out _);
        }
    }

    /// <summary>Deletes segments that every cursor has passed and whose newest record is older than the retention.</summary>
    public int DropExpired(Instant now)
    {
        long oldest = (now - Duration.FromDays(_options.RetentionDays)).ToUnixTimeTicks() / 10;
        int dropped = 0;
        while (TryDropOldest(successor => successor.Header.Floor < oldest))
            dropped++;

        return dropped;
    }

    private bool TryDropOldest(Func<Segment, bool> mayGo)
    {
        lock (_gate)
        {
            if (!IsPassed(out Segment? successor) || !mayGo(successor))
                return false;

            // Oldest first, so that a crash in between leaves no gap. Open readers keep their handle.
            Segment oldest = _segments[0];
            Volatile.Write(ref _segments, _segments[1..]);
            File.Delete(oldest.Path);
            return true;
        }
    }

    private bool IsPassed([NotNullWhen(true)] out Segment? successor)
    {
        successor = _segments.Length > 1 ? _segments[1] : null;
        if (successor is null)
            return false;

        foreach (long cursor in _cursors.Values)
        {
            if (cursor < successor.FirstOffset)
                return false;
        }

        return true;
    }
}
