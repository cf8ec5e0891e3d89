using System.Globalization;
using Ioc.Journal.Segments;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Recovery;

/// <summary>Brings a folder back to where it was: lists the segments, goes through the last one, cuts what a crash left torn.</summary>
/// <remarks>
/// Earlier segments are checked when they are read. In the last one, bytes that are no record are a torn write when no whole record
/// follows: they were never acknowledged, and are cut. When whole records follow, or the durable mark lies behind, it is damage to
/// what may have been acknowledged: the file stays as it is, readers report the gap, and the next record begins a new segment behind
/// everything that is known to have been, so that no offset is given twice.
/// </remarks>
internal sealed class SegmentRecovery(string folder, DurableMark mark, ILogger log)
{
    private const int ReadBytes = 1 << 20;

    private readonly List<Segment> _segments = [];
    private readonly List<string> _findings = [];
    private bool _headerLost;
    private long _tailRecords;

    public (IReadOnlyList<Segment> Segments, JournalTail Tail) Recover()
    {
        PreparedSegment.DeleteLeftOver(folder);
        foreach ((string path, long firstOffset) in Segment.Find(folder))
            List(path, firstOffset);

        (long offset, long publishes) = mark.Read();
        JournalTail tail = _segments.Count == 0
            ? new JournalTail(null, null, 0, offset, publishes, 0)
            : RecoverTail(_segments[^1], offset, publishes);

        DirectorySync.Flush(folder);
        long first = _segments.Count == 0 ? tail.NextOffset : _segments[0].FirstOffset;
        if (_findings.Count == 0)
            JournalLog.Recovered(log, folder, _segments.Count, first, tail.NextOffset, tail.PublishCount, _tailRecords);
        else
            JournalLog.RecoveredWithFindings(log, folder, _segments.Count, first, tail.NextOffset, tail.PublishCount, _tailRecords, string.Join("; ", _findings));

        return (_segments, tail);
    }

    private void List(string path, long firstOffset)
    {
        SegmentFile found = SegmentFile.Read(path, firstOffset);
        _headerLost = found.Origin == HeaderOrigin.Guess;
        if (found.Origin == HeaderOrigin.Copy)
            Find($"the header of {Path.GetFileName(path)} was damaged and is restored from its copy");
        else if (_headerLost)
            Find($"{Path.GetFileName(path)} has lost its header");

        SegmentHeader header = found.Header;
        if (_segments.Count > 0)
        {
            // Readers see a gap when the earlier one ends before this one begins.
            Segment earlier = _segments[^1];
            earlier.EndOffset = firstOffset;
            if (_headerLost && Scan(earlier) is { } scan && scan.NextOffset == firstOffset)
                header = header with { BasePublishCount = scan.PublishCount };

            earlier.EndPublishCount = header.BasePublishCount;
            earlier.DurableBytes = earlier.RecordsEnd;
        }

        _segments.Add(new Segment(folder, header) { FileBytes = found.FileBytes, RecordsEnd = found.RecordsEnd });
    }

    private JournalTail RecoverTail(Segment segment, long markedOffset, long markedPublishes)
    {
        TailScan scan = Scan(segment);
        _tailRecords = scan.RecordCount;
        (long next, long publishes) = (scan.NextOffset, scan.PublishCount);
        bool damaged = scan.SteppedOver || _headerLost;
        if (markedOffset > next)
        {
            Find($"{Path.GetFileName(segment.Path)}: records {next} to {markedOffset - 1} were durable and are lost");
            (next, publishes, damaged) = (markedOffset, markedPublishes, true);
        }

        if (damaged && scan.RecordCount == 0)
            return SetAside(segment, next, publishes);

        if (damaged)
        {
            segment.DurableBytes = segment.RecordsEnd;
            return Seal(segment, scan, next, publishes);
        }

        long torn = scan.WrittenEnd - scan.Position;
        if (torn > 0)
            Find($"{torn} torn bytes at offset {next}, never acknowledged, are cut");

        if (scan.RecordCount == 0)
        {
            // The next segment begins at the same offset and bears the same name.
            File.Delete(segment.Path);
            _segments.RemoveAt(_segments.Count - 1);
            return new JournalTail(null, null, 0, next, publishes, scan.LastReceivedAt);
        }

        SafeFileHandle file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Cut(file, scan);
        // What the page cache kept over a killed process is on the disk only now.
        RandomAccess.FlushToDisk(file);
        segment.DurableBytes = scan.Position;
        if (segment.Header.Version == SegmentHeader.NewestVersion)
            return new JournalTail(segment, file, scan.Position, next, publishes, scan.LastReceivedAt);

        file.Dispose();
        return Seal(segment, scan, next, publishes);
    }

    private TailScan Scan(Segment segment)
    {
        var scan = new TailScan(segment.Header);
        using var scanner = new SegmentScanner(segment, ReadBytes);
        scan.ReadOn(scanner, segment);
        while (TryStepOverDamage(scanner, segment))
        {
            scan.SteppedOver = true;
            scan.ReadOn(scanner, segment);
        }

        scan.End(scanner, segment);
        return scan;
    }

    private bool TryStepOverDamage(SegmentScanner scanner, Segment segment)
    {
        SegmentPlace damaged = scanner.Place;
        // A clean end is zeros only, and the search goes byte by byte.
        if (scanner.FindWrittenEnd(segment.RecordsEnd) == damaged.Position || !scanner.TryResync(segment.RecordsEnd, long.MaxValue))
            return false;

        Find($"{Path.GetFileName(segment.Path)}: bytes {damaged.Position} to {scanner.Position - 1} are damaged, records {damaged.Offset} to {scanner.NextOffset - 1} are lost");
        return true;
    }

    private static JournalTail Seal(Segment segment, TailScan scan, long next, long publishes)
    {
        segment.EndOffset = next;
        segment.EndPublishCount = publishes;
        return new JournalTail(null, null, 0, next, publishes, scan.LastReceivedAt);
    }

    private static void Cut(SafeFileHandle file, TailScan scan)
    {
        byte[] zeros = new byte[Math.Min(scan.WrittenEnd - scan.Position, ReadBytes)];
        for (long at = scan.Position; at < scan.WrittenEnd; at += zeros.Length)
            RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, scan.WrittenEnd - at)), at);
    }

    private JournalTail SetAside(Segment segment, long next, long publishes)
    {
        string aside = segment.Path + ".damaged";
        File.Move(segment.Path, aside, overwrite: true);
        Find($"{Path.GetFileName(segment.Path)} holds no readable record and is set aside as {Path.GetFileName(aside)}");
        _segments.RemoveAt(_segments.Count - 1);
        if (_segments.Count > 0)
            (_segments[^1].EndOffset, _segments[^1].EndPublishCount) = (next, publishes);

        return new JournalTail(null, null, 0, next, publishes, segment.Header.Floor);
    }

    private void Find(FormattableString finding) => _findings.Add(finding.ToString(CultureInfo.InvariantCulture));
}
