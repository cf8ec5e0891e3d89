using System.Buffers;
using Ioc.Mqtt;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

public class PacketReadingTests
{
    [Theory, MemberData(nameof(Corpus.EveryPacket), MemberType = typeof(Corpus))]
    public void A_packet_reads_the_same_wherever_its_bytes_are_split(string name, ProtocolVersion version, byte[] packet)
    {
        string whole = PacketText.Describe(new ReadOnlySequence<byte>(packet), version);
        Assert.Contains("rest 0", whole, StringComparison.Ordinal);

        foreach (ReadOnlySequence<byte> split in Segments.AtEveryPosition(packet))
            Assert.True(whole == PacketText.Describe(split, version), name);
        Assert.Equal(whole, PacketText.Describe(Segments.OneByteEach(packet), version));
    }

    [Theory, MemberData(nameof(Corpus.EveryPacket), MemberType = typeof(Corpus))]
    public void A_packet_cut_short_anywhere_waits_for_the_rest(string name, ProtocolVersion version, byte[] packet)
    {
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.True("NeedMore" == PacketText.Describe(new ReadOnlySequence<byte>(packet, 0, length), version), $"{name} at {length}");
            Assert.Equal("NeedMore", PacketText.Describe(Segments.OneByteEach(packet[..length]), version));
        }
    }

    [Theory, MemberData(nameof(Corpus.EveryPacket), MemberType = typeof(Corpus))]
    public void A_body_cut_short_under_a_length_that_agrees_is_read_or_refused_but_never_thrown_at(string name, ProtocolVersion version, byte[] packet)
    {
        int headerBytes = 1 + (packet[1] < 0x80 ? 1 : 2);
        byte[] body = packet[headerBytes..];
        for (int length = 0; length < body.Length; length++)
        {
            byte[] cut = Packets.Packet(packet[0], body[..length]);
            string whole = PacketText.Describe(new ReadOnlySequence<byte>(cut), version);
            Assert.True(whole != "NeedMore", name);
            Assert.Equal(whole, PacketText.Describe(Segments.OneByteEach(cut), version));
        }
    }

    [Theory, MemberData(nameof(Corpus.EveryPacket), MemberType = typeof(Corpus))]
    public void A_packet_that_was_read_is_written_back_to_the_same_bytes(string name, ProtocolVersion version, byte[] packet)
    {
        Assert.True(packet.AsSpan().SequenceEqual(PacketText.WriteAgain(packet, version)), name);
    }

    [Theory, MemberData(nameof(Corpus.EveryMistake), MemberType = typeof(Corpus))]
    public void A_mistake_is_called_by_its_name_wherever_it_is_split(string mistake, ProtocolVersion version, byte[] packet, string status)
    {
        Assert.True(status == PacketText.Describe(new ReadOnlySequence<byte>(packet), version), mistake);
        Assert.True(status == PacketText.Describe(Segments.OneByteEach(packet), version), mistake);
    }

    [Fact]
    public void Packets_behind_each_other_are_cut_one_by_one()
    {
        byte[] three = [.. Packets.Publish(payload: "1"), .. Packets.Pingreq(), .. Packets.Publish(payload: "2")];

        string[] texts = PacketText.DescribeAll(new ReadOnlySequence<byte>(three), ProtocolVersion.V311);
        Assert.Equal(["Publish", "Pingreq", "Publish"], texts.Select(text => text.Split(' ')[0]));
        Assert.EndsWith($" rest {three.Length - 8}", PacketText.Describe(new ReadOnlySequence<byte>(three), ProtocolVersion.V311), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_packets_are_read_the_same_in_one_piece_and_byte_by_byte_and_never_throw()
    {
        var random = new Random(20261122);
        var corpus = Corpus.EveryPacket().Select(row => (Version: row.Data.Item2, Bytes: row.Data.Item3)).ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            (ProtocolVersion version, byte[] original) = corpus[random.Next(corpus.Length)];
            byte[] bytes = [.. original];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            string whole = PacketText.Describe(new ReadOnlySequence<byte>(bytes), version);
            Assert.True(whole == PacketText.Describe(Segments.OneByteEach(bytes), version), Convert.ToHexString(bytes));
        }
    }
}
