using Ioc.Journal.Segments;

namespace Ioc.Journal;

/// <summary>Reads durable records one after another, over all segments, each checked against its CRC.</summary>
/// <remarks>Has its own file handle and buffer; touched by one thread at a time; allocates nothing per record.</remarks>
public sealed class JournalReader : IDisposable
{
    private const int ReadBytes = 1 << 20;

    private readonly SegmentSet _segments;
    private readonly DurableWatermark _watermark;
    private readonly int _readBytes;
    private Segment? _segment;
    private SegmentScanner? _scanner;

    // Offsets that Find has met damaged last: asking for them again would look for the damage's end again.
    private long _damagedFrom;
    private long _damagedUntil;

    internal JournalReader(SegmentSet segments, DurableWatermark watermark, long fromOffset, int readBytes = ReadBytes)
    {
        _readBytes = readBytes;
        _segments = segments;
        _watermark = watermark;
        NextOffset = fromOffset;
    }

    /// <summary>The offset that the next call returns.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Shows the next record.</summary>
    /// <param name="record">A view, valid until the next call.</param>
    /// <returns>False when everything durable has been read; ask again after <see cref="RecordJournal.WaitForDurableBeyondAsync"/>.</returns>
    /// <exception cref="JournalCorruptException">The bytes are damaged; repeats until a new reader is opened behind the damage.</exception>
    /// <exception cref="RecordsTrimmedException">Trimmed while this reader, without a cursor, lagged behind.</exception>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        if (NextOffset >= _watermark.Offset)
            return false;

        if (_segment is null || NextOffset >= _segment.EndOffset)
            MoveToSegment();

        if (_scanner!.TryNext(_segment!.DurableBytes, out record) != ScanStatus.Record)
            throw Damage(_segment);

        NextOffset++;
        return true;
    }

    /// <summary>Shows the record at an offset, wherever this reader stands; null when it does.</summary>
    internal RecordAbsence? Find(long offset, out JournalRecord record)
    {
        record = default;
        if (offset >= _watermark.Offset)
            return RecordAbsence.NotDurable;

        if (offset < _damagedUntil && offset >= _damagedFrom)
            return RecordAbsence.Damaged;

        try
        {
            MoveTo(offset);
            return TryRead(out record) ? null : RecordAbsence.NotDurable;
        }
        catch (RecordsTrimmedException)
        {
            return RecordAbsence.Trimmed;
        }
        catch (JournalCorruptException damage)
        {
            Close();
            (_damagedFrom, _damagedUntil) = (damage.Offset, damage.ResumeOffset);
            return RecordAbsence.Damaged;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void MoveTo(long offset)
    {
        if (offset == NextOffset)
            return;

        NextOffset = offset;
        if (_segment is null || offset < _segment.FirstOffset || offset >= _segment.EndOffset)
            Close();
        else
            _segment.Index.Seek(_scanner!, _segment, offset, _watermark.Offset);
    }

    private void MoveToSegment()
    {
        Close();
        if (!_segments.TryFind(NextOffset, out Segment? segment))
            throw new RecordsTrimmedException(NextOffset, _segments.All is [Segment oldest, ..] ? oldest.FirstOffset : _watermark.Offset);

        try
        {
            _scanner = new SegmentScanner(segment, _readBytes);
        }
        catch (FileNotFoundException) when (_segments.All[0].FirstOffset > NextOffset)
        {
            throw new RecordsTrimmedException(NextOffset, _segments.All[0].FirstOffset);
        }

        // Left unset when the record lies in damage: the next call looks again and says the same.
        segment.Index.Seek(_scanner, segment, NextOffset, _watermark.Offset);
        _segment = segment;
    }

    private JournalCorruptException Damage(Segment segment)
    {
        SegmentPlace damaged = _scanner!.Place;
        long behind = Math.Min(segment.EndOffset, _watermark.Offset);
        SegmentPlace resume = _scanner.TryResync(segment.DurableBytes, behind) ? _scanner.Place : segment.PlaceBehind(behind);
        _scanner.MoveTo(damaged);
        return JournalCorruptException.Between(segment.Path, damaged, resume);
    }

    private void Close()
    {
        _scanner?.Dispose();
        (_segment, _scanner) = (null, null);
    }
}
