using System.Buffers.Binary;

namespace Ioc.Journal.Segments;

/// <summary>The first bytes of a segment file, written and flushed before the file gets its name.</summary>
/// <param name="FirstOffset">Offset of its first record; the file's name says it too.</param>
/// <param name="BasePublishCount">Publishes ever accepted before its first record: how the count survives trimming.</param>
/// <param name="CreatedAt">Wall clock at creation, Unix microseconds.</param>
/// <param name="Floor">Every record in it was received later than this, every earlier record not later; Unix microseconds.</param>
internal readonly record struct SegmentHeader(long FirstOffset, long BasePublishCount, long CreatedAt, long Floor)
{
    public const int Bytes = 64;

    private const ushort Version = 1;
    private const int CrcAt = Bytes - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "IOCJRNL\0"u8;

    public void Write(Span<byte> into)
    {
        into[..Bytes].Clear();
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], BasePublishCount);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], CreatedAt);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], Floor);
        BinaryPrimitives.WriteUInt32LittleEndian(into[CrcAt..], Crc32C.Compute(into[..CrcAt]));
    }

    /// <returns>False when the bytes are damaged or no header at all.</returns>
    /// <exception cref="NotSupportedException">Whole, but of a format this version does not know.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Bytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[..CrcAt]))
            return false;

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != Version)
            throw new NotSupportedException($"Journal segment format {version} was written by another version of this product; this one reads format {Version}.");

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]));
        return true;
    }
}
