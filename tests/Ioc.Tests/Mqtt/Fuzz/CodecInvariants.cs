using System.Buffers;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt.Fuzz;

/// <summary>What must hold of any bytes: read without an exception, the same in whatever pieces, without a look beyond, and what was read can be written and read again.</summary>
internal static class CodecInvariants
{
    public static void Hold(Random random, byte[] bytes, ProtocolVersion version)
    {
        string[] whole = PacketText.DescribeAll(new ReadOnlySequence<byte>(bytes), version);

        AssertSame(whole, PacketText.DescribeAllByReader(new ReadOnlySequence<byte>(bytes), version), "plain reader");
        AssertSame(whole, PacketText.DescribeAll(Between(bytes, 0x00), version), "zeros around");
        AssertSame(whole, PacketText.DescribeAll(Between(bytes, 0xFF), version), "ones around");
        AssertSame(whole, PacketText.DescribeAll(Pieces(random, bytes), version), "random pieces");
        if (bytes.Length < 64)
            AssertSame(whole, PacketText.DescribeAll(Segments.OneByteEach(bytes), version), "byte by byte");

        WrittenAgainReadsTheSame(bytes, version);
    }

    public static void HoldAtEverySplit(byte[] bytes, ProtocolVersion version)
    {
        string[] whole = PacketText.DescribeAll(new ReadOnlySequence<byte>(bytes), version);
        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(bytes))
            AssertSame(whole, PacketText.DescribeAll(split, version), "split in two");
    }

    private static void WrittenAgainReadsTheSame(byte[] bytes, ProtocolVersion version)
    {
        using var cursor = new FrameCursor(new ReadOnlySequence<byte>(bytes), int.MaxValue);
        while (cursor.TryRead(out Frame frame) == ReadStatus.Complete)
        {
            if (PacketText.TryWriteAgain(frame, version, out string text, out byte[] written))
                AssertSame([text], PacketText.DescribeAll(new ReadOnlySequence<byte>(written), version), "written again");
            if (frame.Type == PacketType.Publish && PublishView.TryRead(frame, version, out PublishView view) == ReadStatus.Complete)
                DeliveredReadsTheSame(view, version);
            cursor.Consume();
        }
    }

    private static void DeliveredReadsTheSame(in PublishView view, ProtocolVersion version)
    {
        byte[] properties = new byte[view.Properties.Raw.Length];
        int copied = view.Properties.CopyTo(properties, without: PropertyId.TopicAlias);
        byte[] topic = view.Topic.IsEmpty ? [(byte)'a'] : view.Topic.ToArray();
        var delivery = new DeliveryPacket
        {
            Qos = view.Qos,
            Retain = view.Retain,
            PacketId = view.PacketId,
            Topic = topic,
            Properties = properties.AsSpan(0, copied),
            SubscriptionIds = new uint[] { 3, 300_000 },
            RemainingExpirySeconds = 7,
            Payload = view.Payload,
        };
        var output = new ArrayBufferWriter<byte>();
        delivery.Write(output, version);
        Assert.Equal(delivery.EncodedBytes(version), output.WrittenCount);

        using var cursor = new FrameCursor(new ReadOnlySequence<byte>(output.WrittenMemory), int.MaxValue);
        Assert.Equal(ReadStatus.Complete, cursor.TryRead(out Frame frame));
        Assert.Equal(ReadStatus.Complete, PublishView.TryRead(frame, version, out PublishView read));
        Assert.True(read.Topic.SequenceEqual(topic) && read.Payload.SequenceEqual(view.Payload));
        Assert.Equal((view.Qos, view.Retain, view.PacketId, false), (read.Qos, read.Retain, read.PacketId, read.Dup));
        Assert.False(read.Properties.Contains(PropertyId.TopicAlias));
        if (view.Properties.Contains(PropertyId.MessageExpiryInterval))
        {
            Assert.True(read.Properties.TryGetNumber(PropertyId.MessageExpiryInterval, out uint seconds));
            Assert.Equal(7u, seconds);
        }
    }

    // In the middle of an array: a reader that looks beyond its end sees other bytes there.
    private static ReadOnlySequence<byte> Between(byte[] bytes, byte around)
    {
        var room = new byte[bytes.Length + 32];
        room.AsSpan().Fill(around);
        bytes.CopyTo(room, 16);
        return new ReadOnlySequence<byte>(room, 16, bytes.Length);
    }

    private static ReadOnlySequence<byte> Pieces(Random random, byte[] bytes)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (int at = 0; at < bytes.Length || pieces.Count == 0;)
        {
            int length = Math.Min(bytes.Length - at, random.Next(1 + (bytes.Length / 2)));
            pieces.Add(bytes.AsMemory(at, length));
            at += length;
            if (pieces.Count == 8)
            {
                pieces.Add(bytes.AsMemory(at));
                break;
            }
        }

        return Segments.Of([.. pieces]);
    }

    private static void AssertSame(string[] expected, string[] actual, string way) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{way}: {string.Join(" | ", expected)} <> {string.Join(" | ", actual)}");
}
