using System.Buffers;
using System.Buffers.Binary;

namespace Ioc.Journal.Segments;

/// <summary>A record's bytes in one segment: a fixed prefix, the header, the payload. Little-endian throughout.</summary>
/// <remarks>
/// Prefix: CRC-32C of everything after it, begun with the salt (4), length of the whole record (4), kind and header length (1 + 3),
/// publishes before it, lowest bits (4), offset xor salt (8), received-at in Unix microseconds (8). Format 1 has a version and the kind
/// and two zeros in place of kind and header length, and the header length in place of the count. A length of zero is the
/// preallocated rest of a segment.
/// </remarks>
internal readonly record struct RecordFormat(int Version, ulong Salt, long BasePublishCount)
{
    public const int PrefixBytes = 32;

    /// <summary>What 24 bits can say.</summary>
    public const int MaxHeaderBytes = (1 << 24) - 1;

    private const int CrcBytes = sizeof(uint);
    private const long Unknown = -1;

    private uint CrcStart => Crc32C.Start ^ (uint)Salt;

    /// <summary>Writes a record; <paramref name="into"/> is exactly as long as the record.</summary>
    public void Write(Span<byte> into, long offset, RecordKind kind, long receivedAt, long publishesBefore, ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], into.Length);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], (header.Length << 8) | (byte)kind);
        BinaryPrimitives.WriteUInt32LittleEndian(into[12..], (uint)publishesBefore);
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], (ulong)offset ^ Salt);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], receivedAt);
        header.CopyTo(into[PrefixBytes..]);
        Span<byte> payloadInto = into[(PrefixBytes + header.Length)..];
        if (payload.IsSingleSegment)
            payload.FirstSpan.CopyTo(payloadInto);
        else
            payload.CopyTo(payloadInto);

        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.End(Crc32C.Append(CrcStart, into[CrcBytes..])));
    }

    /// <summary>Length of the record that a prefix announces: at least the prefix, at most <paramref name="room"/>; else 0 for none, −1 for nonsense.</summary>
    public static int LengthOf(ReadOnlySpan<byte> prefix, long room)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
        return length == 0 || (length >= PrefixBytes && length <= room) ? length : -1;
    }

    /// <summary>Shows the record that fills <paramref name="bytes"/>.</summary>
    /// <returns>False when they are not what was written.</returns>
    public bool TryRead(ReadOnlySpan<byte> bytes, out JournalRecord record)
    {
        record = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.End(Crc32C.Append(CrcStart, bytes[CrcBytes..])))
            return false;

        uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        bool old = Version == 1;
        int headerBytes = old ? (int)low : (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) >> 8);
        if ((uint)headerBytes > bytes.Length - PrefixBytes)
            return false;

        record = new JournalRecord(
            OffsetOf(bytes),
            (RecordKind)bytes[old ? 9 : 8],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            old ? Unknown : BasePublishCount + unchecked(low - (uint)BasePublishCount),
            bytes.Slice(PrefixBytes, headerBytes),
            bytes[(PrefixBytes + headerBytes)..]);
        return true;
    }

    /// <summary>Offset that a prefix claims; only a whole record's is true.</summary>
    public long OffsetOf(ReadOnlySpan<byte> prefix) => (long)(BinaryPrimitives.ReadUInt64LittleEndian(prefix[16..]) ^ Salt);
}
