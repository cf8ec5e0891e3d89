using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

public class FramingTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_383, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_151, 3)]
    [InlineData(2_097_152, 4)]
    [InlineData(268_435_455, 4)]
    public void A_length_takes_as_many_bytes_as_the_standard_says(int value, int bytes)
    {
        Span<byte> encoded = stackalloc byte[VariableByteInteger.MaxBytes];
        int written = VariableByteInteger.Write(encoded, value);

        Assert.Equal(Packets.Length(value), encoded[..written].ToArray());
        Assert.Equal((bytes, bytes), (written, VariableByteInteger.SizeOf(value)));
        Assert.Equal(ReadStatus.Complete, VariableByteInteger.TryRead(encoded[..written], out int read, out int used));
        Assert.Equal((value, written), (read, used));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(268_435_456)]
    public void A_length_beyond_four_bytes_cannot_be_written(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VariableByteInteger.Write(new byte[8], value));

    [Fact]
    public void A_packet_announced_too_large_is_refused_before_its_body_arrives()
    {
        var buffer = new ReadOnlySequence<byte>([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);

        Assert.Equal(ReadStatus.TooLarge, FrameReader.TryReadFrame(ref buffer, 256 * 1024, out _));
    }

    [Fact]
    public void The_limit_counts_the_fixed_header_in()
    {
        byte[] packet = Packets.Publish(payload: new string('x', 200));
        var exact = new ReadOnlySequence<byte>(packet);
        var tight = new ReadOnlySequence<byte>(packet);

        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref exact, packet.Length, out _));
        Assert.Equal(ReadStatus.TooLarge, FrameReader.TryReadFrame(ref tight, packet.Length - 1, out _));
    }

    [Fact]
    public void An_incomplete_frame_leaves_the_buffer_where_it_was()
    {
        byte[] packet = Packets.Publish();
        var buffer = new ReadOnlySequence<byte>(packet, 0, packet.Length - 1);

        Assert.Equal(ReadStatus.NeedMore, FrameReader.TryReadFrame(ref buffer, 1000, out _));
        Assert.Equal(packet.Length - 1, buffer.Length);
    }

    [Fact]
    public void A_frame_that_begins_behind_an_empty_segment_is_found()
    {
        ReadOnlySequence<byte> buffer = Segments.Of(Array.Empty<byte>(), Packets.Pingreq(), Array.Empty<byte>(), Packets.Pingreq());

        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 1000, out _));
        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 1000, out _));
        Assert.True(buffer.IsEmpty);
    }
}
