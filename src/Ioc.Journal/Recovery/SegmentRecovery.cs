using Ioc.Journal.Segments;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Ioc.Journal.Recovery;

/// <summary>Brings a folder back to where it was: lists the segments, goes through the last one, cuts what a crash left torn.</summary>
/// <remarks>
/// Earlier segments are checked when they are read. In the last one, bytes that are no record are a torn write when no whole record
/// follows: they were never acknowledged, and are cut. When whole records follow, it is damage to what may have been acknowledged: the
/// file stays as it is, readers report the gap, and the next record begins a new segment behind everything found, so that no
/// offset is ever given twice.
/// </remarks>
internal sealed class SegmentRecovery(string folder, ILogger log)
{
    private const int ReadBytes = 1 << 20;

    private readonly List<Segment> _segments = [];
    private bool _headerDamaged;
    private long _tailRecords;
    private long _cutBytes;

    public (IReadOnlyList<Segment> Segments, JournalTail Tail) Recover()
    {
        PreparedSegment.DeleteLeftOver(folder);
        foreach ((string path, long firstOffset) in Segment.Find(folder))
            List(path, firstOffset);

        JournalTail tail = _segments.Count == 0
            ? new JournalTail(null, null, 0, 0, 0, 0)
            : RecoverTail(_segments[^1]);

        DirectorySync.Flush(folder);
        long first = _segments.Count == 0 ? tail.NextOffset : _segments[0].FirstOffset;
        JournalLog.Recovered(log, folder, _segments.Count, first, tail.NextOffset, _tailRecords, _cutBytes);
        return (_segments, tail);
    }

    private void List(string path, long firstOffset)
    {
        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        int read = RandomAccess.Read(file, bytes, 0);
        _headerDamaged = !SegmentHeader.TryRead(bytes[..read], out SegmentHeader header) || header.FirstOffset != firstOffset;
        if (_headerDamaged)
        {
            JournalLog.HeaderDamaged(log, path);
            // The file's time is no earlier than the records before it: nothing expires too soon.
            long written = Instant.FromDateTimeUtc(File.GetLastWriteTimeUtc(path)).ToUnixTimeTicks() / 10;
            header = new SegmentHeader(firstOffset, firstOffset, written, written);
        }

        long length = RandomAccess.GetLength(file);
        if (_segments.Count > 0)
        {
            // Readers see a gap when the earlier one ends before this one begins.
            _segments[^1].EndOffset = firstOffset;
            _segments[^1].DurableBytes = _segments[^1].FileBytes;
        }

        _segments.Add(new Segment(folder, header) { FileBytes = length });
    }

    private JournalTail RecoverTail(Segment segment)
    {
        var state = new TailState(segment.Header);
        bool sealedAsItIs = _headerDamaged;
        long end;
        using (var scanner = new SegmentScanner(segment, ReadBytes))
        {
            end = scanner.FileBytes;
            state.ReadOn(scanner, end);
            while (TryStepOverDamage(scanner, segment, end))
            {
                sealedAsItIs = true;
                state.ReadOn(scanner, end);
            }

            state.Position = scanner.Position;
            state.NextOffset = scanner.NextOffset;
            state.WrittenEnd = scanner.FindWrittenEnd(end);
        }

        _tailRecords = state.RecordCount;
        // Lost records count as publishes: they were accepted, and nothing else is recorded so far.
        long publishes = state.PublishCount + (state.NextOffset - segment.FirstOffset - state.RecordCount);
        if (_headerDamaged && state.RecordCount == 0)
            return SetAside(segment, publishes);

        if (sealedAsItIs)
        {
            segment.EndOffset = state.NextOffset;
            segment.DurableBytes = end;
            return new JournalTail(null, null, 0, state.NextOffset, publishes, state.LastReceivedAt);
        }

        SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Cut(file, segment, state);
        // What the page cache kept over a killed process is on the disk only now.
        RandomAccess.FlushToDisk(file);
        segment.DurableBytes = state.Position;
        return new JournalTail(segment, file, state.Position, state.NextOffset, publishes, state.LastReceivedAt);
    }

    private bool TryStepOverDamage(SegmentScanner scanner, Segment segment, long end)
    {
        (long offset, long position) = (scanner.NextOffset, scanner.Position);
        // A clean end is zeros only, and the search goes byte by byte.
        if (scanner.FindWrittenEnd(end) == position || !scanner.TryResync(end, long.MaxValue))
            return false;

        JournalLog.TailDamaged(log, segment.Path, position, offset, scanner.NextOffset - 1);
        return true;
    }

    private void Cut(SafeFileHandle file, Segment segment, TailState state)
    {
        _cutBytes = state.WrittenEnd - state.Position;
        if (_cutBytes == 0)
            return;

        JournalLog.TornTailCut(log, segment.Path, state.Position, state.NextOffset, _cutBytes);
        byte[] zeros = new byte[Math.Min(_cutBytes, ReadBytes)];
        for (long at = state.Position; at < state.WrittenEnd; at += zeros.Length)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, state.WrittenEnd - at)), at);
    }

    private JournalTail SetAside(Segment segment, long publishes)
    {
        string aside = segment.Path + ".damaged";
        File.Move(segment.Path, aside, overwrite: true);
        JournalLog.SetAside(log, segment.Path, aside);
        _segments.RemoveAt(_segments.Count - 1);
        return new JournalTail(null, null, 0, segment.FirstOffset, publishes, segment.Header.Floor);
    }

    private sealed class TailState(SegmentHeader header)
    {
        public long Position { get; set; }

        public long NextOffset { get; set; }

        public long WrittenEnd { get; set; }

        public long RecordCount { get; private set; }

        public long PublishCount { get; private set; } = header.BasePublishCount;

        public long LastReceivedAt { get; private set; } = header.Floor;

        public void ReadOn(SegmentScanner scanner, long end)
        {
            while (scanner.TryNext(end, out JournalRecord record) == ScanStatus.Record)
            {
                RecordCount++;
                LastReceivedAt = record.ReceivedAtMicroseconds;
                if (record.Kind == RecordKind.Publish)
                    PublishCount++;
            }
        }
    }
}
