using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Segments;

/// <summary>What stands at a scanner's position.</summary>
internal enum ScanStatus
{
    /// <summary>A whole record with the offset expected there.</summary>
    Record,

    /// <summary>Nothing was written there yet.</summary>
    End,

    /// <summary>Bytes that are not the record expected there.</summary>
    Damaged,
}

/// <summary>Goes through one segment file record by record, in large reads. Touched by one thread at a time.</summary>
internal sealed class SegmentScanner : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly int _readBytes;
    private readonly RecordFormat _format;
    private byte[] _buffer;
    private long _bufferedFrom;
    private int _buffered;

    public SegmentScanner(Segment segment, int readBytes)
    {
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _readBytes = readBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(readBytes);
        _format = segment.Header.Records;
        Place = segment.Header.Start;
    }

    /// <summary>Where the next record begins.</summary>
    public SegmentPlace Place { get; private set; }

    /// <summary>Where in the file the next record begins.</summary>
    public long Position => Place.Position;

    /// <summary>The offset that the next record must have.</summary>
    public long NextOffset => Place.Offset;

    public void MoveTo(in SegmentPlace place) => Place = place;

    /// <summary>Shows the next record and moves behind it; stays where it is otherwise.</summary>
    /// <param name="end">Bytes of the file that may be read.</param>
    /// <param name="record">A view over the scanner's buffer, valid until its next call.</param>
    public ScanStatus TryNext(long end, out JournalRecord record)
    {
        record = default;
        if (!TryBuffer(Position, RecordFormat.PrefixBytes, end, out ReadOnlySpan<byte> prefix))
            return ScanStatus.End;

        int length = RecordFormat.LengthOf(prefix, end - Position);
        if (length == 0)
            return ScanStatus.End;

        if (length < 0 || !TryBuffer(Position, length, end, out ReadOnlySpan<byte> bytes)
            || !_format.TryRead(bytes, out record) || record.Offset != NextOffset)
            return ScanStatus.Damaged;

        long publishes = record.PublishesBefore < 0 || record.Kind != RecordKind.Publish ? record.PublishesBefore : record.PublishesBefore + 1;
        Place = new SegmentPlace(NextOffset + 1, Position + length, publishes);
        return ScanStatus.Record;
    }

    /// <summary>Looks for the next whole record behind damage and moves to it; stays where it is when there is none.</summary>
    /// <param name="end">Bytes of the file that may be read.</param>
    /// <param name="limitOffset">No record in this file has this offset or a higher one.</param>
    public bool TryResync(long end, long limitOffset)
    {
        for (long at = Position + 1; TryBuffer(at, RecordFormat.PrefixBytes, end, out ReadOnlySpan<byte> prefix); at++)
        {
            // The length and the offset are judged before the CRC, which would be taken at every byte of the file otherwise.
            long offset = _format.OffsetOf(prefix);
            int length = RecordFormat.LengthOf(prefix, end - at);
            if (length <= 0 || offset < NextOffset || offset >= limitOffset || offset - NextOffset > (at - Position) / RecordFormat.PrefixBytes)
                continue;

            if (TryBuffer(at, length, end, out ReadOnlySpan<byte> bytes) && _format.TryRead(bytes, out JournalRecord found))
            {
                MoveTo(new SegmentPlace(offset, at, found.PublishesBefore));
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the last byte that is not zero ends, at least <see cref="Position"/>.</summary>
    public long FindWrittenEnd(long end)
    {
        long written = Position;
        for (long at = Position; at < end;)
        {
            int count = (int)Math.Min(_readBytes, end - at);
            if (!TryBuffer(at, count, end, out ReadOnlySpan<byte> bytes))
                break;

            int last = bytes.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                written = at + last + 1;

            at += count;
        }

        return written;
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _buffered = 0;
    }

    private bool TryBuffer(long position, int count, long end, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (position < _bufferedFrom || position + count > _bufferedFrom + _buffered)
        {
            if (position + count > end || !TryFill(position, count, end))
                return false;
        }

        bytes = _buffer.AsSpan((int)(position - _bufferedFrom), count);
        return true;
    }

    private bool TryFill(long position, int count, long end)
    {
        if (count > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }

        _bufferedFrom = position;
        _buffered = 0;
        int wanted = (int)Math.Min(Math.Max(_readBytes, count), end - position);
        while (_buffered < wanted)
        {
            int got = RandomAccess.Read(_file, _buffer.AsSpan(_buffered, wanted - _buffered), position + _buffered);
            if (got == 0)
                break;

            _buffered += got;
        }

        return _buffered >= count;
    }
}
