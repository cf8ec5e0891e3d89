using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ioc.Journal.Recovery;

/// <summary>A small file that says how far the journal was durable, now and then and at its end.</summary>
/// <remarks>
/// Damage to the very last record looks like a torn write; this tells them apart, so that a lost record's offset is not given again.
/// It lags behind by what was appended since it was written last: for those records a crash and a damaged last record at one time
/// are taken for a torn write.
/// </remarks>
internal sealed class DurableMark(string folder)
{
    private readonly SnapshotFile _file = new(Path.Combine(folder, "durable"), NullLogger.Instance);
    private long _written = -1;

    /// <summary>The offset that was durable, and the publishes below it; zeros when the file is missing or damaged.</summary>
    public (long Offset, long PublishCount) Read()
    {
        if (_file.Read() is not { Bytes.Length: sizeof(long) } found)
            return default;

        _written = found.Offset;
        return (found.Offset, BinaryPrimitives.ReadInt64LittleEndian(found.Bytes.Span));
    }

    /// <summary>Writes it when it has moved.</summary>
    public void Write(long offset, long publishCount)
    {
        if (offset == _written)
            return;

        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, publishCount);
        _file.Write(offset, new ReadOnlySequence<byte>(bytes));
        _written = offset;
    }
}
