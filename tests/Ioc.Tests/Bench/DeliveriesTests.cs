using Ioc.Load.Messages;
using Ioc.Load.Receiving;
using Ioc.Mqtt;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Bench;

public sealed class DeliveriesTests
{
    private static readonly MeterPlan Plan = new(Connections: 1, MetersPerConnection: 2, PerConnection: 100, Instant.FromUtc(2026, 11, 22, 3, 0));
    private readonly byte[] _acks = new byte[1_000];

    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void Every_message_is_taken_and_acknowledged_wherever_its_bytes_are_split(ProtocolVersion version)
    {
        byte[] bytes = [.. Frames(version, 0, 1, 2)];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Deliveries deliveries = Of(version);
            int taken = deliveries.Take(bytes.AsSpan(0, cut), _acks, out int first);
            int rest = deliveries.Take(bytes.AsSpan(taken), _acks, out int second);

            Assert.Equal(bytes.Length, taken + rest);
            Assert.Equal((3, 0, 0), (deliveries.Received, deliveries.Missing, deliveries.Repeated));
            Assert.Equal(12, first + second);
        }
    }

    [Fact]
    public void An_acknowledgement_carries_the_packet_id_of_its_delivery()
    {
        Of(ProtocolVersion.V311).Take([.. Frames(ProtocolVersion.V311, 0, 1)], _acks, out int ackBytes);

        Assert.Equal([0x40, 2, 0, 1, 0x40, 2, 0, 2], _acks[..ackBytes]);
    }

    [Fact]
    public void A_gap_is_missing_until_it_comes_late()
    {
        Deliveries deliveries = Of(ProtocolVersion.V311);
        deliveries.Take([.. Frames(ProtocolVersion.V311, 0, 6)], _acks, out _);
        Assert.Equal((2, 2), (deliveries.Received, deliveries.Missing)); // 2 and 4 of the same meter

        deliveries.Take([.. Frames(ProtocolVersion.V311, 2)], _acks, out _);
        Assert.Equal((3, 1, 1), (deliveries.Received, deliveries.Missing, deliveries.Overtaken));
    }

    [Fact]
    public void What_comes_twice_counts_once()
    {
        Deliveries deliveries = Of(ProtocolVersion.V311);
        deliveries.Take([.. Frames(ProtocolVersion.V311, 0, 1, 1, 0)], _acks, out _);

        Assert.Equal((2, 2, 0), (deliveries.Received, deliveries.Repeated, deliveries.Missing));
    }

    [Fact]
    public void Another_run_s_messages_are_foreign()
    {
        Deliveries deliveries = Of(ProtocolVersion.V311);
        var other = new MeterMessage(Plan, "other", 0, ProtocolVersion.V311);
        deliveries.Take(MeterMessageTests.Frame(other, 0, 0), _acks, out int ackBytes);

        Assert.Equal((0, 1, 0), (deliveries.Received, deliveries.Foreign, ackBytes));
    }

    private static Deliveries Of(ProtocolVersion version) => new(new MeterMessage(Plan, "bench", 1, version), Plan.Meters, version == ProtocolVersion.V5);

    private static IEnumerable<byte> Frames(ProtocolVersion version, params long[] numbers)
    {
        var message = new MeterMessage(Plan, "bench", 1, version);
        return numbers.SelectMany(number => MeterMessageTests.Frame(message, 0, number));
    }
}
