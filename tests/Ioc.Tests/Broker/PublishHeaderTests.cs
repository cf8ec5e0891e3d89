using Ioc.Broker;
using Ioc.Mqtt;
using Xunit;

namespace Ioc.Tests.Broker;

public class PublishHeaderTests
{
    [Fact]
    public void A_header_reads_as_it_was_written_for_any_lengths_and_flags()
    {
        var random = new Random(9);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] topic = Bytes(random, 100), client = Bytes(random, 30), user = Bytes(random, 30), properties = Bytes(random, 300);
            byte[] source = random.Next(2) == 0 ? [] : Bytes(random, PublishHeader.MaxSourceBytes + 1);
            var header = new PublishHeader
            {
                Topic = topic,
                ClientId = client,
                UserName = user,
                Properties = properties,
                Qos = (byte)random.Next(3),
                Retain = random.Next(2) == 0,
                Dup = random.Next(2) == 0,
                Will = random.Next(2) == 0,
                Source = source,
                RetainedDelivery = random.Next(2) == 0,
                Upstream = random.Next(2) == 0,
                Version = ProtocolVersion.V5,
                PacketId = (ushort)random.Next(65_536),
            };
            var bytes = new byte[header.EncodedBytes];

            Assert.Equal(bytes.Length, header.Write(bytes));
            Assert.True(PublishHeader.TryRead(bytes, out PublishHeader read));
            Assert.Equal((header.Qos, header.Retain, header.Dup, header.Will, header.Version, header.PacketId), (read.Qos, read.Retain, read.Dup, read.Will, read.Version, read.PacketId));
            Assert.Equal((header.RetainedDelivery, header.Upstream), (read.RetainedDelivery, read.Upstream));
            Assert.True(read.Source.SequenceEqual(source));
            Assert.True(read.Topic.SequenceEqual(topic) && read.ClientId.SequenceEqual(client) && read.UserName.SequenceEqual(user) && read.Properties.SequenceEqual(properties));
            Assert.False(PublishHeader.TryRead(bytes.AsSpan(0, random.Next(bytes.Length)), out _));
        }
    }

    [Fact]
    public void A_header_without_a_source_is_laid_out_as_the_first_version_was_and_one_of_the_first_version_is_read()
    {
        byte[] first = [1, 0x0D, 4, 0, 0x07, 0x01, 3, 0, 2, 0, 1, 0, 2, 0, 0, 0, .. "a/b"u8, .. "c1"u8, .. "u"u8, 1, 1];

        Assert.True(PublishHeader.TryRead(first, out PublishHeader read));
        Assert.True(read.Source.IsEmpty && !read.RetainedDelivery && !read.Upstream);
        Assert.Equal((1, true, true, false, 0x0107), (read.Qos, read.Retain, read.Dup, read.Will, read.PacketId));
        Assert.True(read.Topic.SequenceEqual("a/b"u8) && read.ClientId.SequenceEqual("c1"u8) && read.UserName.SequenceEqual("u"u8) && read.Properties.SequenceEqual((byte[])[1, 1]));

        var written = new byte[read.EncodedBytes];
        read.Write(written);
        Assert.Equal(first, written);
    }

    [Fact]
    public void Bytes_that_are_no_header_are_not_read_as_one()
    {
        Assert.False(PublishHeader.TryRead([], out _));
        Assert.False(PublishHeader.TryRead(new byte[64], out _));
        Assert.False(PublishHeader.TryRead([1, 0, 4, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0], out _));
    }

    private static byte[] Bytes(Random random, int max)
    {
        var bytes = new byte[random.Next(1, max)];
        random.NextBytes(bytes);
        return bytes;
    }
}
