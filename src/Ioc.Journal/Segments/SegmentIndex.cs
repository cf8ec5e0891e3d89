namespace Ioc.Journal.Segments;

/// <summary>Some of a segment's record positions, one in about 64 KiB, learnt as they are written or by going through it once. Thread-safe.</summary>
internal sealed class SegmentIndex
{
    public const int StrideBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly List<SegmentPlace> _places;

    public SegmentIndex(in SegmentHeader header) => _places = [header.Start];

    /// <summary>Moves a scanner of the same segment to a record.</summary>
    /// <param name="scanner">To be moved.</param>
    /// <param name="segment">Whose index this is.</param>
    /// <param name="offset">A durable record of it.</param>
    /// <param name="durableOffset">Every record below is durable.</param>
    /// <exception cref="JournalCorruptException">The record lies in damage.</exception>
    public void Seek(SegmentScanner scanner, Segment segment, long offset, long durableOffset)
    {
        long end = segment.DurableBytes;
        SegmentPlace nearest = FindAtOrBelow(offset);
        // Going on from where the scanner stands is nearer when it stands behind that place, and not behind the record.
        if (scanner.NextOffset < nearest.Offset || scanner.NextOffset > offset)
            scanner.MoveTo(nearest);

        while (scanner.NextOffset < offset)
        {
            if (scanner.TryNext(end, out _) == ScanStatus.Record)
                Learn(scanner.Place);
            else
                StepOverDamage(scanner, segment, offset, end, Math.Min(segment.EndOffset, durableOffset));
        }
    }

    /// <summary>Remembers where a record begins, when the last one remembered is far enough before it.</summary>
    public void Learn(in SegmentPlace place)
    {
        lock (_gate)
        {
            if (place.Position - _places[^1].Position >= StrideBytes)
                _places.Add(place);
        }
    }

    private static void StepOverDamage(SegmentScanner scanner, Segment segment, long offset, long end, long behind)
    {
        SegmentPlace damaged = scanner.Place;
        bool found = scanner.TryResync(end, behind);
        if (!found || scanner.NextOffset > offset)
            throw JournalCorruptException.Between(segment.Path, damaged, found ? scanner.Place : segment.PlaceBehind(behind));
    }

    private SegmentPlace FindAtOrBelow(long offset)
    {
        lock (_gate)
        {
            int low = 0;
            int high = _places.Count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (_places[middle].Offset <= offset)
                    low = middle;
                else
                    high = middle - 1;
            }

            return _places[low];
        }
    }
}
