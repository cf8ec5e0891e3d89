using System.Buffers;
using System.Buffers.Binary;
using Ioc.Journal.Segments;
using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Recovery;

/// <summary>A snapshot file's bytes: magic (8), format (4), CRC-32C of all that follows (4), offset (8), length (8), the bytes. Little-endian.</summary>
internal static class SnapshotFormat
{
    public const int HeaderBytes = 32;

    private const uint Version = 1;
    private const int CrcAt = 12;
    private const int CoveredFrom = 16;

    private static ReadOnlySpan<byte> Magic => "IOCSNAP\0"u8;

    public static void Write(SafeFileHandle file, long offset, in ReadOnlySequence<byte> bytes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], offset);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], bytes.Length);
        uint crc = Crc32C.Append(Crc32C.Start, header[CoveredFrom..]);
        long at = HeaderBytes;
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            crc = Crc32C.Append(crc, part.Span);
            RandomAccess.Write(file, part.Span, at);
            at += part.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header[CrcAt..], Crc32C.End(crc));
        RandomAccess.Write(file, header, 0);
    }

    /// <returns>Null when the bytes are not a whole snapshot.</returns>
    public static Snapshot? Read(byte[] file)
    {
        ReadOnlySpan<byte> bytes = file;
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version)
            return null;

        long offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        bool whole = offset >= 0 && length == bytes.Length - HeaderBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[CoveredFrom..]);
        return whole ? new Snapshot(offset, file.AsMemory(HeaderBytes)) : null;
    }
}
