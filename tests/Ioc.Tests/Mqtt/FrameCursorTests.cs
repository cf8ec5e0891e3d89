using System.Buffers;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

/// <summary>The fast way through a read gives what the plain way gives.</summary>
public class FrameCursorTests
{
    private const int MaxPacketBytes = 1_000_000;

    [Theory, MemberData(nameof(Corpus.EveryPacket), MemberType = typeof(Corpus))]
    public void A_packet_reads_the_same_by_cursor_wherever_its_bytes_are_split(string name, ProtocolVersion version, byte[] packet)
    {
        byte[] two = [.. packet, .. packet];
        string[] whole = PacketText.DescribeAll(new ReadOnlySequence<byte>(two), version);
        Assert.Equal(2, whole.Length);
        Assert.Equal(PacketText.DescribeAllByReader(new ReadOnlySequence<byte>(two), version), whole);

        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(two))
            Assert.True(whole.SequenceEqual(PacketText.DescribeAll(split, version)), name);
        Assert.Equal(whole, PacketText.DescribeAll(Segments.OneByteEach(two), version));
    }

    [Theory, MemberData(nameof(Corpus.EveryMistake), MemberType = typeof(Corpus))]
    public void A_mistake_is_called_by_the_same_name_by_cursor(string mistake, ProtocolVersion version, byte[] packet, string status)
    {
        Assert.True(status == PacketText.DescribeAll(new ReadOnlySequence<byte>(packet), version)[0], mistake);
        Assert.True(status == PacketText.DescribeAll(Segments.OneByteEach(packet), version)[0], mistake);
    }

    [Theory]
    [InlineData(10, 10, 6_000)]
    [InlineData(5_000, 10, 10)]
    [InlineData(10, 5_000, 10)]
    [InlineData(9_000, 9_000, 9_000)]
    public void A_packet_longer_than_a_segment_reads_the_same_in_pieces_as_whole(int topicBytes, int typeBytes, int payloadBytes)
    {
        byte[] packet = Packets.Publish(new string('t', topicBytes), new string('p', payloadBytes), qos: 1, properties: [0x03, .. Packets.Text(new string('c', typeBytes))]);
        string[] whole = PacketText.DescribeAll(new ReadOnlySequence<byte>(packet), ProtocolVersion.V5);
        Assert.StartsWith("Publish", Assert.Single(whole), StringComparison.Ordinal);

        foreach (int cut in new[] { 1, 2, 3, 5, 100, topicBytes, topicBytes + 4, topicBytes + 9, packet.Length - 1 })
            Assert.Equal(whole, PacketText.DescribeAll(Segments.Of(packet.AsMemory(0, cut), packet.AsMemory(cut)), ProtocolVersion.V5));
        Assert.Equal(whole, PacketText.DescribeAll(Segments.OneByteEach(packet), ProtocolVersion.V5));
    }

    [Fact]
    public void A_long_payload_in_pieces_is_not_copied()
    {
        byte[] packet = Packets.Publish(payload: new string('p', 6_000));
        using var cursor = new FrameCursor(Segments.Of(packet.AsMemory(0, 4096), packet.AsMemory(4096)), MaxPacketBytes);
        Assert.Equal(ReadStatus.Complete, cursor.TryRead(out Frame frame));
        Assert.Equal(ReadStatus.Complete, PublishView.TryRead(frame, ProtocolVersion.V311, out PublishView view));

        Assert.False(view.IsPayloadContiguous);
        ReadOnlySequence<byte> payload = view.PayloadIn(frame);
        Assert.Equal(6_000, payload.Length);
        Assert.True(payload.FirstSpan.Overlaps(packet));
    }

    [Fact]
    public void A_frame_that_is_not_consumed_is_given_again_and_stays_in_the_pipe()
    {
        byte[] three = [.. Packets.Pingreq(), .. Packets.Publish(), .. Packets.Pingreq()];
        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(three))
        {
            using var cursor = new FrameCursor(split, MaxPacketBytes);
            Assert.Equal(ReadStatus.Complete, cursor.TryRead(out _));
            Assert.Equal(split.Length, split.Slice(cursor.Position).Length);
            cursor.Consume();

            for (int again = 0; again < 2; again++)
            {
                Assert.True(cursor.TryPeekType(out PacketType type));
                Assert.Equal(PacketType.Publish, type);
                Assert.Equal(ReadStatus.Complete, cursor.TryRead(out Frame frame));
                Assert.Equal(PacketType.Publish, frame.Type);
                Assert.Equal(three.Length - 2, split.Slice(cursor.Position).Length);
            }

            cursor.Consume();
            Assert.Equal(2, split.Slice(cursor.Position).Length);
        }
    }

    [Fact]
    public void An_incomplete_packet_stays_in_the_pipe()
    {
        byte[] bytes = [.. Packets.Pingreq(), .. Packets.Publish()[..^1]];
        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(bytes))
        {
            using var cursor = new FrameCursor(split, MaxPacketBytes);
            Assert.Equal(ReadStatus.Complete, cursor.TryRead(out _));
            cursor.Consume();
            Assert.Equal(ReadStatus.NeedMore, cursor.TryRead(out _));
            cursor.Consume();

            Assert.Equal(bytes.Length - 2, split.Slice(cursor.Position).Length);
        }
    }

    [Fact]
    public void An_empty_read_has_no_packet()
    {
        using var cursor = new FrameCursor(ReadOnlySequence<byte>.Empty, MaxPacketBytes);

        Assert.False(cursor.TryPeekType(out _));
        Assert.Equal(ReadStatus.NeedMore, cursor.TryRead(out _));
        Assert.Equal(ReadOnlySequence<byte>.Empty.End, cursor.Position);
    }

    // The announced length is judged by the first five bytes: nothing is borrowed, nothing waited for.
    [Fact]
    public void A_lying_announced_length_is_refused_at_once_and_costs_no_memory()
    {
        var liar = new ReadOnlySequence<byte>([0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0x00, 0x01]);
        ReadOnlySequence<byte> cutLiar = Segments.OneByteEach([0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0x00, 0x01]);
        for (int i = 0; i < 200; i++)
            ReadOne(i % 2 == 0 ? liar : cutLiar);

        (ReadStatus Whole, ReadStatus Cut) read = default;
        long allocated = Allocations.Fewest(_ => read = (ReadOne(liar), ReadOne(cutLiar)));

        Assert.Equal((ReadStatus.TooLarge, ReadStatus.TooLarge, 0), (read.Whole, read.Cut, allocated));
    }

    private static ReadStatus ReadOne(in ReadOnlySequence<byte> buffer)
    {
        using var cursor = new FrameCursor(buffer, MaxPacketBytes);
        return cursor.TryRead(out _);
    }
}
