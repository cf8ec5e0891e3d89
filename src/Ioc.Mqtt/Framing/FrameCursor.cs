using System.Buffers;
using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Framing;

/// <summary>Walks the packets of one read: plain index arithmetic inside a segment, and a detour for a packet that a segment's end cuts.</summary>
/// <remarks>
/// <code>
/// using var cursor = new FrameCursor(read.Buffer, maxPacketBytes);
/// while ((status = cursor.TryRead(out Frame frame)) == ReadStatus.Complete) { Handle(frame); cursor.Consume(); }
/// input.AdvanceTo(cursor.Position, read.Buffer.End);
/// </code>
/// A frame that is not consumed is given again, and stays in the pipe.
/// </remarks>
public ref struct FrameCursor
{
    // About a segment of Kestrel's pipe. Up to here a cut packet is brought together, which costs less than to read it in
    // pieces; a longer one stays where it is, so that its payload is copied by nobody but the journal.
    private const int GatherBytes = 4096;

    private readonly int _maxPacketBytes;
    private ReadOnlySequence<byte> _rest; // from the segment the cursor stands in
    private ReadOnlySpan<byte> _segment;
    private int _at;
    private int _frameBytes; // of the frame last read
    private byte[]? _gathered;

    /// <summary>Stands at the front of a buffer.</summary>
    /// <param name="buffer">What a pipe has read.</param>
    /// <param name="maxPacketBytes">Largest packet accepted, fixed header included, in bytes.</param>
    public FrameCursor(in ReadOnlySequence<byte> buffer, int maxPacketBytes)
    {
        _maxPacketBytes = maxPacketBytes;
        _rest = buffer;
        _segment = buffer.FirstSpan;
        if (_segment.IsEmpty)
            Settle();
    }

    /// <summary>The first byte that was not consumed.</summary>
    public readonly SequencePosition Position => _rest.GetPosition(_at);

    /// <summary>Gives the packet the cursor stands at; a view until <see cref="Consume"/>.</summary>
    public ReadStatus TryRead(out Frame frame)
    {
        ReadOnlySpan<byte> unread = _segment[_at..];
        ReadStatus status = FrameReader.TryReadFixedHeader(unread, out byte header, out int bodyBytes, out int headerBytes);
        if (status == ReadStatus.Complete && headerBytes + bodyBytes <= Math.Min(unread.Length, _maxPacketBytes))
        {
            _frameBytes = headerBytes + bodyBytes;
            frame = new Frame(header, unread.Slice(headerBytes, bodyBytes), _rest, _at + headerBytes);
            return ReadStatus.Complete;
        }

        return TryReadCut(out frame);
    }

    /// <summary>Goes behind the frame last read.</summary>
    public void Consume()
    {
        _at += _frameBytes;
        _frameBytes = 0;
        if (_at >= _segment.Length)
            Settle();
    }

    /// <summary>The type that the next packet's first byte names, legal or not; false when no byte has arrived.</summary>
    public readonly bool TryPeekType(out PacketType type)
    {
        bool any = _at < _segment.Length;
        type = any ? (PacketType)(_segment[_at] >> 4) : default;
        return any;
    }

    /// <summary>Gives back what was borrowed; the last frame is dead then.</summary>
    public void Dispose()
    {
        if (_gathered is { } gathered)
            ArrayPool<byte>.Shared.Return(gathered);
        _gathered = null;
    }

    private ReadStatus TryReadCut(out Frame frame)
    {
        ReadOnlySequence<byte> rest = _rest.Slice(_at);
        long before = rest.Length;
        ReadStatus status = FrameReader.TryReadFrame(ref rest, _maxPacketBytes, out frame);
        if (status != ReadStatus.Complete)
            return status;

        _frameBytes = (int)(before - rest.Length);
        if (!frame.IsContiguous && _frameBytes <= GatherBytes)
            frame = Gather(frame.Header, frame.Body);
        return ReadStatus.Complete;
    }

    private Frame Gather(byte header, ReadOnlySequence<byte> body)
    {
        _gathered ??= ArrayPool<byte>.Shared.Rent(GatherBytes);
        body.CopyTo(_gathered);
        return new Frame(header, new ReadOnlySequence<byte>(_gathered, 0, (int)body.Length));
    }

    // To the segment that has the next byte, if there is one.
    private void Settle()
    {
        if (_rest.IsSingleSegment)
            return;

        _rest = new SequenceReader<byte>(_rest.Slice(_at)).UnreadSequence;
        _segment = _rest.FirstSpan;
        _at = 0;
    }
}
