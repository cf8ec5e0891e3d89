using Ioc.Journal.Segments;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Ioc.Journal.Recovery;

/// <summary>Where a segment's header was found.</summary>
internal enum HeaderOrigin
{
    /// <summary>At the beginning, whole.</summary>
    Beginning,

    /// <summary>At the end of the file; the beginning was damaged and has been written again.</summary>
    Copy,

    /// <summary>Nowhere: made up from the file's name and time, in format 1, which had no copy.</summary>
    Guess,
}

/// <summary>What a segment file says about itself when it is listed.</summary>
/// <param name="RecordsEnd">Where in the file no record may lie any more: the header's copy, or the end.</param>
internal sealed record SegmentFile(SegmentHeader Header, HeaderOrigin Origin, long FileBytes, long RecordsEnd)
{
    public static SegmentFile Read(string path, long firstOffset)
    {
        using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite);
        long length = RandomAccess.GetLength(file);
        long copyAt = length - SegmentHeader.Bytes;
        bool copied = TryRead(file, copyAt, firstOffset, out SegmentHeader copy);
        if (TryRead(file, 0, firstOffset, out SegmentHeader header))
        {
            // A damaged copy is not taken for records where the file still has its size.
            bool hasCopy = copied || (header.Version > 1 && header.FileBytes == length);
            return new SegmentFile(header, HeaderOrigin.Beginning, length, hasCopy ? copyAt : length);
        }

        if (copied)
        {
            Restore(path, copy);
            return new SegmentFile(copy, HeaderOrigin.Copy, length, copyAt);
        }

        // The file's time is no earlier than the records before it: nothing expires too soon.
        long written = Instant.FromDateTimeUtc(File.GetLastWriteTimeUtc(path)).ToUnixTimeTicks() / 10;
        return new SegmentFile(new SegmentHeader(firstOffset, firstOffset, written, written, 0, 0, 1), HeaderOrigin.Guess, length, length);
    }

    private static bool TryRead(SafeFileHandle file, long at, long firstOffset, out SegmentHeader header)
    {
        header = default;
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        return at >= 0
            && RandomAccess.Read(file, bytes, at) == SegmentHeader.Bytes
            && SegmentHeader.TryRead(bytes, out header) && header.FirstOffset == firstOffset;
    }

    private static void Restore(string path, in SegmentHeader header)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        header.Write(bytes);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, 0);
        RandomAccess.FlushToDisk(file);
    }
}
