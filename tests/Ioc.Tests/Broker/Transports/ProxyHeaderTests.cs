using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using Ioc.Broker.Transports;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];
    private static readonly byte[] V4Addresses = [203, 0, 113, 7, 192, 0, 2, 1, 0x12, 0x67, 0x07, 0x5B];
    private static readonly byte[] V6Addresses = [.. IPAddress.Parse("2001:db8::7").GetAddressBytes(), .. IPAddress.Parse("2001:db8::1").GetAddressBytes(), 0x12, 0x67, 0x07, 0x5B];

    // What comes after the header belongs to MQTT or TLS and stays.
    private static readonly byte[] Next = [0x10, 0x0C];

    public static TheoryData<byte[], string> Correct() => new()
    {
        { Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1883"), "203.0.113.7:4711 192.0.2.1:1883" },
        { Line("PROXY TCP6 2001:db8::7 2001:db8::1 4711 1883"), "[2001:db8::7]:4711 [2001:db8::1]:1883" },
        { Line("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
        { Line("PROXY UNKNOWN"), " " },
        { Line("PROXY UNKNOWN ffff:f...f:ffff whatever 65535"), " " },
        { Binary(0x21, 0x11, V4Addresses), "203.0.113.7:4711 192.0.2.1:1883" },
        { Binary(0x21, 0x21, V6Addresses), "[2001:db8::7]:4711 [2001:db8::1]:1883" },
        { Binary(0x21, 0x11, [.. V4Addresses, 0x04, 0, 3, 1, 2, 3, 0x01, 0, 4, .. "mqtt"u8]), "203.0.113.7:4711 192.0.2.1:1883" },
        { WithChecksum(V4Addresses), "203.0.113.7:4711 192.0.2.1:1883" },
        { Binary(0x20, 0x00, []), " " },
        { Binary(0x20, 0x11, V4Addresses), " " },
        { Binary(0x21, 0x00, [1, 2, 3]), " " },
        { Binary(0x21, 0x31, new byte[216]), " " },
    };

    public static IEnumerable<TheoryDataRow<byte[]>> Wrong() => ((byte[][])
    [
        Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n"),
        [0x10, 0x0C],
        [0x16, 0x03, 0x01],
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711"),
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 65536"),
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 04711 1883"),
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 -1 1883"),
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 +1 1883"),
        Line("PROXY TCP4  203.0.113.7 192.0.2.1 4711 1883"),
        Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1883 "),
        Line("PROXY TCP4 203.0.113 192.0.2.1 4711 1883"),
        Line("PROXY TCP4 0x7f.0.0.1 192.0.2.1 4711 1883"),
        Line("PROXY TCP4 2001:db8::7 192.0.2.1 4711 1883"),
        Line("PROXY TCP6 203.0.113.7 192.0.2.1 4711 1883"),
        Line("PROXY TCP6 [2001:db8::7] 2001:db8::1 4711 1883"),
        Line("PROXY UDP4 203.0.113.7 192.0.2.1 4711 1883"),
        Line("PROXY "),
        Line("proxy TCP4 203.0.113.7 192.0.2.1 4711 1883"),
        [.. Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(106, 'x')), (byte)'\r', (byte)'\n'],
        Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(107, 'x')),
        Binary(0x11, 0x11, V4Addresses),
        Binary(0x22, 0x11, V4Addresses),
        Binary(0x21, 0x12, V4Addresses),
        Binary(0x21, 0x13, V4Addresses),
        Binary(0x21, 0x11, V4Addresses[..11]),
        Binary(0x21, 0x21, V4Addresses),
        Binary(0x21, 0x11, [.. V4Addresses, 0x04, 0]),
        Binary(0x21, 0x11, [.. V4Addresses, 0x04, 0, 4, 1, 2, 3]),
        Binary(0x21, 0x11, [.. V4Addresses, 0x03, 0, 4, 1, 2, 3, 4]),
        Binary(0x21, 0x11, [.. V4Addresses, 0x03, 0, 2, 1, 2]),
        [.. Signature, 0x21, 0x11, 0xFF, 0xFF],
        [.. Signature[..11], 0x0B],
    ]).Select(bytes => new TheoryDataRow<byte[]>(bytes));

    [Theory, MemberData(nameof(Correct))]
    public void A_correct_header_reads_the_same_wherever_its_bytes_are_split_and_leaves_what_follows(byte[] header, string told)
    {
        byte[] all = [.. header, .. Next];

        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(all).Append(Segments.OneByteEach(all)))
        {
            ReadOnlySequence<byte> buffer = split;
            Assert.Equal(ProxyStatus.Complete, ProxyHeader.TryRead(ref buffer, out ProxyHeader read));
            Assert.Equal(told, $"{read.Source} {read.Destination}");
            Assert.Equal(Next, buffer.ToArray());
        }
    }

    [Theory, MemberData(nameof(Correct))]
    public void A_header_that_is_cut_anywhere_waits_for_the_rest(byte[] header, string told)
    {
        Assert.NotNull(told);
        for (int length = 0; length < header.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(header, 0, length);
            Assert.Equal(ProxyStatus.NeedMore, ProxyHeader.TryRead(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_no_correct_header_is_refused_and_nothing_is_taken(byte[] bytes)
    {
        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(bytes))
        {
            ReadOnlySequence<byte> buffer = split;
            Assert.Equal(ProxyStatus.Malformed, ProxyHeader.TryRead(ref buffer, out _));
            Assert.Equal(bytes.Length, buffer.Length);
        }
    }

    [Fact]
    public void The_longest_header_taken_is_read_and_one_byte_more_is_refused_before_it_arrives()
    {
        byte[] longest = Binary(0x20, 0x00, new byte[2_048]);
        var buffer = new ReadOnlySequence<byte>(longest);
        Assert.Equal(ProxyStatus.Complete, ProxyHeader.TryRead(ref buffer, out _));

        buffer = new ReadOnlySequence<byte>([.. Signature, 0x20, 0x00, 0x08, 0x01]);
        Assert.Equal(ProxyStatus.Malformed, ProxyHeader.TryRead(ref buffer, out _));
    }

    [Fact]
    public void Any_single_bit_turned_over_in_a_header_with_a_checksum_is_noticed_or_waits()
    {
        byte[] header = WithChecksum(V4Addresses);
        for (int bit = 13 * 8; bit < header.Length * 8; bit++)
        {
            byte[] damaged = [.. header];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var buffer = new ReadOnlySequence<byte>(damaged);

            ProxyStatus status = ProxyHeader.TryRead(ref buffer, out ProxyHeader read);

            // The type of the checksum's own extension is the one thing that it cannot guard, nor a family that says nothing.
            bool unguarded = bit / 8 is 13 or 28;
            Assert.True(status != ProxyStatus.Complete || unguarded, $"bit {bit}: {read}");
        }
    }

    [Fact]
    public void Noise_is_never_read_past_its_end()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] noise = new byte[random.Next(0, 64)];
            random.NextBytes(noise);
            byte[] bytes = random.Next(3) switch
            {
                0 => noise,
                1 => [.. Signature, 0x21, .. noise],
                _ => [.. "PROXY TCP4 "u8, .. noise],
            };
            var buffer = new ReadOnlySequence<byte>(bytes);

            if (ProxyHeader.TryRead(ref buffer, out _) != ProxyStatus.Complete)
                Assert.Equal(bytes.Length, buffer.Length);
        }
    }

    internal static byte[] Line(string text) => Encoding.ASCII.GetBytes(text + "\r\n");

    internal static byte[] Binary(byte command, byte family, byte[] body) =>
        [.. Signature, command, family, .. Packets.Number(body.Length), .. body];

    // By the table of RFC 3720, bit by bit: another opinion than the processor's instruction.
    private static byte[] WithChecksum(byte[] addresses)
    {
        byte[] header = Binary(0x21, 0x11, [.. addresses, 0x03, 0, 4, 0, 0, 0, 0]);
        uint crc = uint.MaxValue;
        foreach (byte b in header)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(header.Length - 4), ~crc);
        return header;
    }
}
