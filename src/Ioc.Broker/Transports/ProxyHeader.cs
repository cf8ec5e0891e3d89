using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace Ioc.Broker.Transports;

/// <summary>What a load balancer says of the connection it passes on: the PROXY protocol, versions 1 and 2, as HAProxy defines it.</summary>
/// <param name="Source">The device's own address; null when the balancer speaks for itself (LOCAL) or does not know (UNKNOWN).</param>
/// <param name="Destination">The address that the device called; null as above.</param>
internal readonly record struct ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Longest header taken, in bytes: the fixed part and 2,048 of addresses and extensions.</summary>
    /// <remarks>The definition asks for 536; a balancer that passes on details of a TLS session sends more.</remarks>
    public const int MaxBytes = FixedBytes + 2_048;

    private const int FixedBytes = 16;
    private const byte ChecksumExtension = 0x03;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Cuts the header off the front of <paramref name="buffer"/>, which moves only on <see cref="ProxyStatus.Complete"/>.</summary>
    public static ProxyStatus TryRead(ref ReadOnlySequence<byte> buffer, out ProxyHeader header)
    {
        header = default;
        Span<byte> gathered = stackalloc byte[MaxBytes];
        int available = (int)Math.Min(buffer.Length, MaxBytes);
        buffer.Slice(0, available).CopyTo(gathered);
        Span<byte> bytes = gathered[..available];

        ProxyStatus status = available > 0 && bytes[0] == Signature[0]
            ? TryReadBinary(bytes, out header, out int consumed)
            : ProxyLine.TryRead(bytes, out header, out consumed);
        if (status == ProxyStatus.Complete)
            buffer = buffer.Slice(consumed);
        return status;
    }

    private static ProxyStatus TryReadBinary(Span<byte> bytes, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        int compared = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..compared].SequenceEqual(Signature[..compared]))
            return ProxyStatus.Malformed;
        if (bytes.Length > 12 && bytes[12] is not (0x20 or 0x21))
            return ProxyStatus.Malformed;
        if (bytes.Length < FixedBytes)
            return ProxyStatus.NeedMore;

        // Judged before the rest is waited for: a lying length must not hold the connection.
        consumed = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (consumed > MaxBytes)
            return ProxyStatus.Malformed;
        if (bytes.Length < consumed)
            return ProxyStatus.NeedMore;

        // LOCAL: a health check of the balancer's own; whatever follows is not looked at.
        return bytes[12] == 0x20 ? ProxyStatus.Complete : TryReadAddresses(bytes[..consumed], out header);
    }

    private static ProxyStatus TryReadAddresses(Span<byte> bytes, out ProxyHeader header)
    {
        header = default;
        ReadOnlySpan<byte> body = bytes[FixedBytes..];
        int addressBytes;
        switch (bytes[13])
        {
            case 0x00: // UNSPEC: accepted, the addresses are not known; nobody can say where extensions begin
                return ProxyStatus.Complete;
            case 0x11 when body.Length >= 12:
                addressBytes = 12;
                header = new ProxyHeader(EndPoint(body[..4], body[8..]), EndPoint(body[4..8], body[10..]));
                break;
            case 0x21 when body.Length >= 36:
                addressBytes = 36;
                header = new ProxyHeader(EndPoint(body[..16], body[32..]), EndPoint(body[16..32], body[34..]));
                break;
            case 0x31 when body.Length >= 216: // a UNIX socket: nothing that could be shown as an address
                addressBytes = 216;
                break;
            default: // datagrams, or shorter than its family
                return ProxyStatus.Malformed;
        }

        return AreExtensionsRight(bytes, FixedBytes + addressBytes) ? ProxyStatus.Complete : ProxyStatus.Malformed;
    }

    // Type, two bytes of length, value. All are passed over but the checksum.
    private static bool AreExtensionsRight(Span<byte> bytes, int at)
    {
        while (at < bytes.Length)
        {
            if (bytes.Length - at < 3)
                return false;

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]);
            if (bytes.Length - at - 3 < length)
                return false;
            if (bytes[at] == ChecksumExtension && (length != 4 || !IsChecksumRight(bytes, at + 3)))
                return false;
            at += 3 + length;
        }

        return true;
    }

    // CRC32C over the whole header, its own four bytes taken as zero.
    private static bool IsChecksumRight(ReadOnlySpan<byte> bytes, int at)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < bytes.Length; i++)
            crc = BitOperations.Crc32C(crc, i >= at && i < at + 4 ? (byte)0 : bytes[i]);
        return ~crc == BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}

/// <summary>What became of reading a header.</summary>
internal enum ProxyStatus
{
    /// <summary>The header is whole.</summary>
    Complete,

    /// <summary>The header has not arrived whole.</summary>
    NeedMore,

    /// <summary>This is no header, or too long, or wrong within.</summary>
    Malformed,
}
