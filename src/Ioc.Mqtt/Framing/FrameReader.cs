using System.Buffers;
using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Framing;

/// <summary>Cuts a byte stream into control packets. Pure: no state between calls.</summary>
public static class FrameReader
{
    /// <summary>Cuts the next whole packet off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Unread bytes; moves past the packet only on <see cref="ReadStatus.Complete"/>.</param>
    /// <param name="maxPacketBytes">Largest packet accepted, fixed header included, in bytes.</param>
    /// <param name="frame">A view over <paramref name="buffer"/>: dead once the pipe advances.</param>
    public static ReadStatus TryReadFrame(scoped ref ReadOnlySequence<byte> buffer, int maxPacketBytes, out Frame frame)
    {
        frame = default;

        ReadStatus status = TryReadFixedHeader(buffer, out byte header, out int bodyBytes, out int headerBytes);
        if (status != ReadStatus.Complete)
            return status;

        // Judge the announced length before buffering the body: a lying device must not cost memory.
        if ((long)headerBytes + bodyBytes > maxPacketBytes)
            return ReadStatus.TooLarge;

        if (buffer.Length < headerBytes + bodyBytes)
            return ReadStatus.NeedMore;

        frame = new Frame(header, buffer.Slice(headerBytes, bodyBytes));
        buffer = buffer.Slice(frame.Body.End);
        return ReadStatus.Complete;
    }

    /// <summary>The type that the next packet's first byte names, legal or not; false when no byte has arrived.</summary>
    public static bool TryPeekType(in ReadOnlySequence<byte> buffer, out PacketType type)
    {
        bool any = new SequenceReader<byte>(buffer).TryPeek(out byte header);
        type = (PacketType)(header >> 4);
        return any;
    }

    private static ReadStatus TryReadFixedHeader(in ReadOnlySequence<byte> buffer, out byte header, out int bodyBytes, out int headerBytes)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length >= 1 + VariableByteInteger.MaxBytes || buffer.IsSingleSegment)
            return TryReadFixedHeader(first, out header, out bodyBytes, out headerBytes);

        // The header is cut by a segment's end: at most five bytes are brought together.
        Span<byte> gathered = stackalloc byte[1 + VariableByteInteger.MaxBytes];
        ReadOnlySequence<byte> front = buffer.Slice(0, Math.Min(buffer.Length, gathered.Length));
        front.CopyTo(gathered);
        return TryReadFixedHeader(gathered[..(int)front.Length], out header, out bodyBytes, out headerBytes);
    }

    internal static ReadStatus TryReadFixedHeader(ReadOnlySpan<byte> bytes, out byte header, out int bodyBytes, out int headerBytes)
    {
        header = 0;
        bodyBytes = 0;
        headerBytes = 0;
        if (bytes.IsEmpty)
            return ReadStatus.NeedMore;

        header = bytes[0];
        if (!PacketTypes.AreFlagsLegal(header))
            return ReadStatus.Malformed;

        ReadStatus status = VariableByteInteger.TryRead(bytes[1..], out bodyBytes, out int lengthBytes);
        headerBytes = 1 + lengthBytes;
        return status;
    }
}
