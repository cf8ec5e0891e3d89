namespace Ioc.Journal.Segments;

/// <summary>Some of a segment's record positions, one in about 64 KiB, learnt by going through it once. Thread-safe.</summary>
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
        lock (_gate)
        {
            (long nearest, long position) = FindAtOrBelow(offset);
            scanner.MoveTo(position, nearest);
            while (scanner.NextOffset < offset)
            {
                if (scanner.TryNext(end, out _) == ScanStatus.Record)
                    Learn(scanner);
                else
                    StepOverDamage(scanner, segment, offset, end, Math.Min(segment.EndOffset, durableOffset));
            }
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

    private void Learn(SegmentScanner scanner)
    {
        if (scanner.Position - _places[^1].Position >= StrideBytes)
            _places.Add((scanner.NextOffset, scanner.Position));
    }
}
