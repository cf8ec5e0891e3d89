using Ioc.Journal.Segments;

namespace Ioc.Journal.Recovery;

/// <summary>What going through the last segment has shown so far.</summary>
internal sealed class TailScan(SegmentHeader header)
{
    private long _counted = header.BasePublishCount;

    /// <summary>Behind its last whole record.</summary>
    public long Position { get; private set; }

    public long NextOffset { get; private set; }

    /// <summary>Behind its last byte that is not zero.</summary>
    public long WrittenEnd { get; private set; }

    public long RecordCount { get; private set; }

    /// <summary>Publishes ever accepted.</summary>
    public long PublishCount { get; private set; }

    public long LastReceivedAt { get; private set; } = header.Floor;

    /// <summary>True when there was damage before whole records.</summary>
    public bool SteppedOver { get; set; }

    public void ReadOn(SegmentScanner scanner, Segment segment)
    {
        while (scanner.TryNext(segment.RecordsEnd, out JournalRecord record) == ScanStatus.Record)
        {
            RecordCount++;
            LastReceivedAt = record.ReceivedAtMicroseconds;
            if (record.Kind == RecordKind.Publish)
                _counted++;

            segment.Index.Learn(scanner.Place);
        }
    }

    public void End(SegmentScanner scanner, Segment segment)
    {
        Position = scanner.Position;
        NextOffset = scanner.NextOffset;
        WrittenEnd = scanner.FindWrittenEnd(segment.RecordsEnd);
        // Where the records do not say, lost ones count as publishes: there was hardly anything else then.
        long lost = NextOffset - segment.FirstOffset - RecordCount;
        PublishCount = scanner.Place.PublishesBefore >= 0 ? scanner.Place.PublishesBefore : _counted + lost;
    }
}
