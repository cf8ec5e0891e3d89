using System.Buffers.Binary;

namespace Ioc.Journal.Segments;

/// <summary>What a segment file says about itself: its first bytes, written and flushed before the file gets its name, and once more its last bytes.</summary>
/// <param name="FirstOffset">Offset of its first record; the file's name says it too.</param>
/// <param name="BasePublishCount">Publishes ever accepted before its first record: how the count survives trimming.</param>
/// <param name="CreatedAt">Wall clock at creation, Unix microseconds.</param>
/// <param name="Floor">Every record in it was received later than this, every earlier record not later; Unix microseconds.</param>
/// <param name="Salt">Random per segment, mixed into every record: bytes that a device sends cannot pass for a record.</param>
/// <param name="FileBytes">Size of the file.</param>
/// <param name="Version">Format 1 has no salt, no second header, and its records do not count publishes. It is read, not written.</param>
internal readonly record struct SegmentHeader(long FirstOffset, long BasePublishCount, long CreatedAt, long Floor, ulong Salt, int FileBytes, int Version = SegmentHeader.NewestVersion)
{
    public const int Bytes = 64;
    public const int NewestVersion = 2;

    private const int CrcAt = Bytes - sizeof(uint);

    private static ReadOnlySpan<byte> Magic => "IOCJRNL\0"u8;

    /// <summary>Where its first record begins.</summary>
    public SegmentPlace Start => new(FirstOffset, Bytes, Version == 1 ? -1 : BasePublishCount);

    public RecordFormat Records => new(Version, Salt, BasePublishCount);

    public void Write(Span<byte> into)
    {
        into[..Bytes].Clear();
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], (ushort)Version);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], FirstOffset);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], BasePublishCount);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], CreatedAt);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], Floor);
        BinaryPrimitives.WriteUInt64LittleEndian(into[48..], Salt);
        BinaryPrimitives.WriteInt32LittleEndian(into[56..], FileBytes);
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
        if (version is not (1 or NewestVersion))
            throw new NotSupportedException($"Journal segment format {version} was written by another version of this product; this one reads formats 1 to {NewestVersion}.");

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            version == 1 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
            version == 1 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes[56..]),
            version);
        return true;
    }
}
