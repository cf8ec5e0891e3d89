using Ioc.Load.Publishing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Bench;

public sealed class AckStreamTests
{
    [Fact]
    public void Acknowledgements_are_counted_wherever_their_bytes_are_split()
    {
        byte[] answers = [.. Packets.Puback(1), .. Packets.Puback(2), 0xD0, 0, 0x40, 3, 0, 3, 0x10, .. Packets.Puback(4)];
        for (int cut = 0; cut <= answers.Length; cut++)
        {
            var acks = new AckStream();
            byte[] buffer = new byte[64];
            foreach (byte[] part in (byte[][])[answers[..cut], answers[cut..]])
            {
                part.CopyTo(acks.Free(buffer));
                acks.Take(buffer, part.Length, sent: 4);
            }

            Assert.Equal(4, acks.Acknowledged);
            Assert.True(acks.HasPong);
        }
    }

    [Fact]
    public void Packet_ids_go_round_without_zero()
    {
        var acks = new AckStream();
        byte[] buffer = new byte[64];
        for (int i = 0; i < ushort.MaxValue + 3; i++)
        {
            Packets.Puback(i % ushort.MaxValue + 1).CopyTo(acks.Free(buffer));
            acks.Take(buffer, 4, sent: long.MaxValue);
        }

        Assert.Equal(ushort.MaxValue + 3, acks.Acknowledged);
        Assert.Equal((ushort)1, AckStream.PacketIdOf(0));
        Assert.Equal(ushort.MaxValue, AckStream.PacketIdOf(ushort.MaxValue - 1));
        Assert.Equal((ushort)1, AckStream.PacketIdOf(ushort.MaxValue));
    }

    public static TheoryData<string, byte[]> Wrong => new()
    {
        { "the second before the first", Packets.Puback(2) },
        { "one of three is missing", [.. Packets.Puback(1), .. Packets.Puback(3)] },
        { "twice", [.. Packets.Puback(1), .. Packets.Puback(1)] },
        { "more than was sent", [.. Packets.Puback(1), .. Packets.Puback(2), .. Packets.Puback(3), .. Packets.Puback(4)] },
        { "a refusal", [0x40, 3, 0, 1, 0x97] },
        { "a DISCONNECT", [0xE0, 0] },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_no_broker_may_answer_ends_the_run(string what, byte[] answers)
    {
        var acks = new AckStream();
        byte[] buffer = new byte[64];
        answers.CopyTo(buffer.AsSpan());

        Assert.True(Record.Exception(() => acks.Take(buffer, answers.Length, sent: 3)) is InvalidDataException, what);
    }
}
