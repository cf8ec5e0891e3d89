namespace Ioc.Journal.Segments;

/// <summary>Some of a segment's record positions, one in about 64 KiB, learnt as they are written or by going through it once. Thread-safe.</summary>
internal sealed class SegmentIndex
{
    private const int StrideBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly List<(long Offset, long Position)> _places;

    public SegmentIndex(long firstOffset) => _places = [(firstOffset, SegmentHeader.Bytes)];

    /// <summary>Moves a scanner of the same segment to a record.</summary>
    /// <param name="scanner">To be moved.</param>
    /// <param name="segment">Whose index this is.</param>
    /// <param name="offset">A durable record of it.</param>
    /// <param name="durableOffset">Every record below is durable.</param>
    /// <exception cref="JournalCorruptException">The record lies in damage.</exception>
    public void Seek(SegmentScanner scanner, Segment segment, long offset, long durableOffset)
    {
        long end = segment.DurableBytes;
        (long nearest, long position) = FindAtOrBelow(offset);
        // Going on from where the scanner stands is nearer when it stands behind that place, and not behind the record.
        if (scanner.NextOffset < nearest || scanner.NextOffset > offset)
            scanner.MoveTo(position, nearest);

        while (scanner.NextOffset < offset)
        {
            if (scanner.TryNext(end, out _) == ScanStatus.Record)
                Learn(scanner.NextOffset, scanner.Position);
            else
                StepOverDamage(scanner, segment, offset, end, Math.Min(segment.EndOffset, durableOffset));
        }
    }

    /// <summary>Remembers where a record begins, when the last one remembered is far enough before it.</summary>
    public void Learn(long offset, long position)
    {
        lock (_gate)
        {
            if (position - _places[^1].Position >= StrideBytes)
                _places.Add((offset, position));
        }
    }

    private static void StepOverDamage(SegmentScanner scanner, Segment segment, long offset, long end, long behind)
    {
        (long damagedOffset, long damagedAt) = (scanner.NextOffset, scanner.Position);
        bool found = scanner.TryResync(end, behind);
        if (!found || scanner.NextOffset > offset)
            throw new JournalCorruptException(segment.Path, damagedAt, damagedOffset, found ? scanner.NextOffset : behind);
    }

    private (long Offset, long Position) FindAtOrBelow(long offset)
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
