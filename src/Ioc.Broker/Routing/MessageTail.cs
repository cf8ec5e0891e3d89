using System.Buffers;
using System.Buffers.Binary;

namespace Ioc.Broker.Routing;

/// <summary>The newest messages that somebody wants, in a ring: deliveries name an address in it, and a reader that comes too late reads the journal instead.</summary>
/// <remarks>
/// One writer at a time, inside the journal's batch; readers take no lock: they copy, then ask whether what they copied was still there.
/// Addresses grow for ever. A delivery is sent only when its message is durable, so the journal always has what is no longer here.
/// An entry: header bytes (4), payload bytes (4), received-at in Unix ms (8), header, payload.
/// </remarks>
/// <param name="bytes">Size of the ring; taken when the first message is put in.</param>
internal sealed class MessageTail(int bytes)
{
    public const long NoAddress = -1;

    private const int FrontBytes = 16;

    private byte[] _ring = [];
    private long _end;
    private long _floor; // below it entries are gone, or going

    /// <summary>Copies a message in; <see cref="NoAddress"/> when it is too large for the ring.</summary>
    public long Add(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, long receivedAtMs)
    {
        long length = FrontBytes + header.Length + payload.Length;
        if (length > bytes / 4)
            return NoAddress;

        if (_ring.Length == 0)
            _ring = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        // An entry lies in one piece: what is left at the ring's end is passed over.
        int start = (int)(_end % bytes);
        if (start + length > bytes)
        {
            _end += bytes - start;
            start = 0;
        }

        // Said before a byte is overwritten, so that a reader that copies meanwhile notices.
        Interlocked.Exchange(ref _floor, Math.Max(_floor, _end + length - bytes));

        Span<byte> entry = _ring.AsSpan(start, (int)length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], (int)payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], receivedAtMs);
        header.CopyTo(entry[FrontBytes..]);
        payload.CopyTo(entry[(FrontBytes + header.Length)..]);

        long address = _end;
        _end += (length + 7) & ~7;
        return address;
    }

    /// <summary>Shows an entry as it may still be: whatever is made of it counts only if <see cref="IsKept"/> says so afterwards.</summary>
    public bool TryPeek(long address, out long receivedAtMs, out ReadOnlySpan<byte> header, out ReadOnlySpan<byte> payload)
    {
        header = payload = default;
        receivedAtMs = 0;
        if (address < 0 || !IsKept(address))
            return false;

        ReadOnlySpan<byte> entry = _ring.AsSpan((int)(address % bytes));
        int headerBytes = BinaryPrimitives.ReadInt32LittleEndian(entry);
        int payloadBytes = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
        receivedAtMs = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
        if (!IsKept(address))
            return false;

        header = entry.Slice(FrontBytes, headerBytes);
        payload = entry.Slice(FrontBytes + headerBytes, payloadBytes);
        return true;
    }

    /// <summary>Whether an entry has not begun to be overwritten; everything read before this call was read whole.</summary>
    public bool IsKept(long address)
    {
        Interlocked.MemoryBarrier();
        return address >= Volatile.Read(ref _floor);
    }
}
