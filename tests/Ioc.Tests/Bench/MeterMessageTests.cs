using System.Buffers;
using System.Text;
using System.Text.Json;
using Ioc.Devices.Readings;
using Ioc.Load.Messages;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Tests.Profiles;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Bench;

public sealed class MeterMessageTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 22, 2, 59, 50);
    private static readonly MeterPlan Plan = new(Connections: 3, MetersPerConnection: 4, PerConnection: 1_000, Start);

    [Theory]
    [InlineData(ProtocolVersion.V311, 0)]
    [InlineData(ProtocolVersion.V311, 1)]
    [InlineData(ProtocolVersion.V5, 0)]
    [InlineData(ProtocolVersion.V5, 1)]
    public void A_patched_frame_is_a_PUBLISH_as_the_codec_reads_it(ProtocolVersion version, int qos)
    {
        byte[] frame = Frame(new MeterMessage(Plan, "bench", qos, version), connection: 2, number: 997);

        (string topic, string payload, int packetId) = Read(frame, version, qos);
        Assert.Equal("tele/bench-00009/SENSOR", topic);
        Assert.Equal(qos == 0 ? 0 : 998, packetId);
        using JsonDocument json = JsonDocument.Parse(payload);
        // Message 997 of a connection is the 250th and last of its meter, so its clock shows the start of the run.
        Assert.Equal("2026-11-22T09:59:50", json.RootElement.GetProperty("Time").GetString());
        Assert.Equal(1_000_000.249m, json.RootElement.GetProperty("ENERGY").GetProperty("Total").GetDecimal());
    }

    [Fact]
    public void The_shipped_profile_makes_five_readings_of_a_message()
    {
        (string topic, string payload, _) = Read(Frame(new MeterMessage(Plan, "bench", 1, ProtocolVersion.V311), 0, 5), ProtocolVersion.V311, 1);
        DecoderUnderTest decoder = DecoderUnderTest.Shipped();

        BatchMessage row = decoder.Decode(topic, payload, Start);

        Assert.Equal(MessageOutcome.Stored, row.Outcome);
        Assert.Equal(
            ["active_energy_import", "active_energy_today", "active_power", "current", "voltage"],
            decoder.All().Select(reading => decoder.Metrics[reading.Metric].Name).Order(StringComparer.Ordinal));
        Assert.All(decoder.All(), reading => Assert.Equal(Quality.Good, reading.Quality));
    }

    [Fact]
    public void No_two_messages_of_a_meter_share_a_second_and_none_is_of_the_future()
    {
        var newest = new Dictionary<int, LocalDateTime>();
        LocalDateTime last = default;
        for (int connection = 0; connection < Plan.Connections; connection++)
        {
            for (long number = 0; number < Plan.PerConnection; number++)
            {
                int meter = Plan.MeterOf(connection, number);
                LocalDateTime clock = Plan.ClockOf(Plan.RoundOf(number));
                Assert.True(!newest.TryGetValue(meter, out LocalDateTime before) || clock > before);
                newest[meter] = last = clock;
            }
        }

        Assert.Equal(12, newest.Count);
        Assert.Equal(Start.InUtc().LocalDateTime.PlusHours(7), last);
    }

    [Fact]
    public void A_load_whose_times_would_be_too_old_for_the_server_is_refused_beforehand()
    {
        long seconds = (long)MeterPlan.OldestDeviceTime.TotalSeconds;
        Assert.Null(new MeterPlan(1, 2, seconds * 2, Start).Problem);
        Assert.Contains("--meters", new MeterPlan(1, 2, seconds * 2 + 1, Start).Problem, StringComparison.Ordinal);
        Assert.NotNull(new MeterPlan(1_000, 1_000, 1, Start).Problem);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 999)]
    public void A_delivered_message_is_recognised(int connection, long number)
    {
        var message = new MeterMessage(Plan, "bench", 1, ProtocolVersion.V311);
        (string topic, string payload, _) = Read(Frame(message, connection, number), ProtocolVersion.V311, 1);

        Assert.True(message.TryRecognise(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), out int meter, out long round));
        Assert.Equal((Plan.MeterOf(connection, number), Plan.RoundOf(number)), (meter, round));
    }

    [Theory]
    [InlineData("tele/other-00001/SENSOR")]
    [InlineData("tele/bench-99999/SENSOR")]
    [InlineData("tele/bench-0000x/SENSOR")]
    [InlineData("a")]
    public void A_message_of_somebody_else_is_not(string topic)
    {
        var message = new MeterMessage(Plan, "bench", 1, ProtocolVersion.V311);
        (_, string payload, _) = Read(Frame(message, 0, 0), ProtocolVersion.V311, 1);

        Assert.False(message.TryRecognise(Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), out _, out _));
    }

    internal static byte[] Frame(MeterMessage message, int connection, long number)
    {
        byte[] frame = new byte[message.FrameBytes];
        message.CopyTo(frame);
        message.Patch(frame, connection, number, (ushort)(number + 1));
        return frame;
    }

    private static (string Topic, string Payload, int PacketId) Read(byte[] bytes, ProtocolVersion version, int qos)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 1_000, out Frame frame));
        Assert.Equal(0, buffer.Length);
        Assert.Equal(ReadStatus.Complete, PublishPacket.TryRead(frame, version, out PublishPacket packet));
        Assert.Equal(qos, packet.Qos);
        return (Encoding.UTF8.GetString(packet.Topic), Encoding.UTF8.GetString(packet.Payload), packet.PacketId);
    }
}
