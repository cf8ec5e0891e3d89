using System.Buffers;
using System.Buffers.Binary;

namespace Ioc.Journal.Segments;

/// <summary>A record's bytes: a fixed prefix, the header, the payload. Little-endian throughout.</summary>
/// <remarks>
/// Prefix: CRC-32C of everything after it (4), length of the whole record (4), version (1), kind (1), zero (2), header length (4),
/// offset (8), received-at in Unix microseconds (8). A length of zero is the preallocated rest of a segment.
/// </remarks>
internal static class RecordFormat
{
    public const int PrefixBytes = 32;

    private const byte Version = 1;
    private const int CrcBytes = sizeof(uint);

    /// <summary>Writes a record; <paramref name="into"/> is exactly as long as the record.</summary>
    public static void Write(Span<byte> into, long offset, RecordKind kind, long receivedAt, ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], into.Length);
        into[8] = Version;
        into[9] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(into[10..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], receivedAt);
        header.CopyTo(into[PrefixBytes..]);
        payload.CopyTo(into[(PrefixBytes + header.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(into, Crc32C.Compute(into[CrcBytes..]));
    }

    /// <summary>Length of the record that a prefix announces: at least the prefix, at most <paramref name="room"/>; else 0 for none, −1 for nonsense.</summary>
    public static int LengthOf(ReadOnlySpan<byte> prefix, long room)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
        return length == 0 || (length >= PrefixBytes && length <= room) ? length : -1;
    }

    /// <summary>Shows the record that fills <paramref name="bytes"/>.</summary>
    /// <returns>False when they are not what was written.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalRecord record)
    {
        record = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Compute(bytes[CrcBytes..]))
            return false;

        if (bytes[8] != Version)
            throw new NotSupportedException($"A journal record of format {bytes[8]} was written by another version of this product; this one reads format {Version}.");

        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if ((uint)headerBytes > bytes.Length - PrefixBytes)
            return false;

        record = new JournalRecord(
            OffsetOf(bytes),
            (RecordKind)bytes[9],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            bytes.Slice(PrefixBytes, headerBytes),
            bytes[(PrefixBytes + headerBytes)..]);
        return true;
    }

    /// <summary>Offset that a prefix claims; only a whole record's is true.</summary>
    public static long OffsetOf(ReadOnlySpan<byte> prefix) => BinaryPrimitives.ReadInt64LittleEndian(prefix[16..]);
}
