using Ioc.Broker;
using Ioc.Broker.Upstream;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class UpstreamIntakeTests
{
    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task An_acknowledgement_leaves_only_when_its_message_is_durable_and_in_order(string version)
    {
        bool v5 = version == "5";
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Version = version);
        using FakeBrokerSide side = await broker.ServeAsync(v5);
        link.Journal.Hold();

        // [MQTT-4.6.0-2] in the order of their PUBLISHes, whatever the ids.
        await side.SendAsync([.. FakeBroker.Publish(packetId: 9, v5: v5), .. FakeBroker.Publish(packetId: 3, v5: v5), .. FakeBroker.Publish(qos: 0, v5: v5), .. FakeBroker.Publish(packetId: 5, v5: v5)]);
        await Wait.UntilAsync(() => link.Journal.Records.Count == 4);
        Assert.Equal(0, link.Status.Acknowledged);

        link.Journal.FlushUpTo(2);
        Assert.Equal(Packets.Puback(9), await side.ReadAsync());
        Assert.Equal(Packets.Puback(3), await side.ReadAsync());
        Assert.Equal((0, 2L), (side.Available, link.Status.Acknowledged));

        link.Journal.Release();
        Assert.Equal(Packets.Puback(5), await side.ReadAsync());
        Assert.Equal(4, link.Status.Received);
        Assert.NotNull(link.Status.LastMessageAt);
    }

    [Fact]
    public async Task All_messages_of_a_read_are_one_batch_and_all_acknowledgements_one_write()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Hold();
        await side.SendAsync([.. Enumerable.Range(1, 200).SelectMany(id => FakeBroker.Publish(packetId: id))]);
        await Wait.UntilAsync(() => link.Journal.Records.Count == 200);
        Assert.InRange(link.Journal.BatchCount, 1, 20);

        link.Journal.Release();
        for (int id = 1; id <= 200; id++)
            Assert.Equal(Packets.Puback(id), await side.ReadAsync());
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        foreach (byte b in FakeBroker.Publish(qos: 2, packetId: 4, topic: "tele/nhà/SENSOR", payload: """{"v":1}"""))
            await side.SendAsync(b);

        Assert.Equal(Packets.Packet(0x50, [0, 4]), await side.ReadAsync());
        Assert.Equal(("tele/nhà/SENSOR", """{"v":1}"""), (link.Record(0).Topic, link.Record(0).Payload));
    }

    // [MQTT-4.3.3-8] … [MQTT-4.3.3-12]
    [Theory]
    [InlineData("5")]
    [InlineData("3.1.1")]
    public async Task A_message_of_QoS_2_is_kept_once_until_it_is_released(string version)
    {
        bool v5 = version == "5";
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Version = version);
        using FakeBrokerSide side = await broker.ServeAsync(v5);
        link.Journal.Hold();

        await side.SendAsync([.. FakeBroker.Publish(qos: 2, packetId: 6, v5: v5), .. FakeBroker.Publish(qos: 2, packetId: 6, v5: v5, dup: true)]);
        await Wait.UntilAsync(() => link.Journal.Records.Count == 1);
        Assert.Equal(0, link.Status.Acknowledged);
        link.Journal.Release();
        Assert.Equal(Packets.Packet(0x50, [0, 6]), await side.ReadAsync());
        Assert.Equal(Packets.Packet(0x50, [0, 6]), await side.ReadAsync());

        await side.SendAsync(FakeBroker.Pubrel(6));
        Assert.Equal(Packets.Packet(0x70, [0, 6]), await side.ReadAsync());
        Assert.Single(link.Journal.Records);

        await side.SendAsync(FakeBroker.Publish(qos: 2, packetId: 6, v5: v5, payload: "another"));
        Assert.Equal(Packets.Packet(0x50, [0, 6]), await side.ReadAsync());
        Assert.Equal(2, link.Journal.Records.Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task After_a_lost_connection_QoS_2_goes_on_where_the_session_stood(bool sessionPresent, int kept)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using (FakeBrokerSide side = await broker.ServeAsync())
        {
            await side.SendAsync(FakeBroker.Publish(qos: 2, packetId: 6));
            await side.ReadAsync();
            side.Drop();
        }

        using FakeBrokerSide again = await broker.ServeAsync(sessionPresent: sessionPresent);
        await again.SendAsync(FakeBroker.Publish(qos: 2, packetId: 6, dup: true));

        Assert.Equal(Packets.Packet(0x50, [0, 6]), await again.ReadAsync());
        Assert.Equal(kept, link.Journal.Records.Count);
        await again.SendAsync(FakeBroker.Pubrel(6));
        Assert.Equal(Packets.Packet(0x70, [0, 6]), await again.ReadAsync());
    }

    [Theory]
    [InlineData("5", new byte[] { 0x70, 3, 0, 77, 0x92 })]
    [InlineData("3.1.1", new byte[] { 0x70, 2, 0, 77 })]
    public async Task A_release_that_nobody_remembers_is_answered(string version, byte[] answer)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Version = version);
        using FakeBrokerSide side = await broker.ServeAsync(version == "5");

        await side.SendAsync(FakeBroker.Pubrel(77));

        Assert.Equal(answer, await side.ReadAsync());
    }

    [Fact]
    public async Task A_retained_copy_is_marked_as_one_and_never_as_retained_here_and_the_source_is_kept()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.Source = "plant-7");
        using FakeBrokerSide side = await broker.ServeAsync();

        await side.SendAsync([.. FakeBroker.Publish(packetId: 1, retain: true), .. FakeBroker.Publish(packetId: 2)]);
        await side.ReadAsync();
        await side.ReadAsync();

        Assert.Equal((false, true, true, "plant-7"), (link.Record(0).Retain, link.Record(0).RetainedDelivery, link.Record(0).Upstream, link.Record(0).Source));
        Assert.Equal((false, false, true, "plant-7"), (link.Record(1).Retain, link.Record(1).RetainedDelivery, link.Record(1).Upstream, link.Record(1).Source));
    }

    [Fact]
    public async Task An_alias_stands_for_its_topic_and_does_not_reach_the_journal()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        byte[] alias = [0x23, 0, 64];
        byte[] expiry = [0x02, 0, 0, 0, 9];

        await side.SendAsync(
        [
            .. FakeBroker.Publish(qos: 0, topic: "tele/a", properties: alias),
            .. FakeBroker.Publish(qos: 0, topic: "", properties: [.. expiry, .. alias]),
            .. FakeBroker.Publish(qos: 0, topic: "tele/b", properties: alias),
            .. FakeBroker.Publish(qos: 1, topic: "", properties: alias),
        ]);
        await side.ReadAsync();

        Assert.Equal(["tele/a", "tele/a", "tele/b", "tele/b"], Enumerable.Range(0, 4).Select(i => link.Record(i).Topic));
        Assert.Equal(expiry, link.Record(1).Properties);
        Assert.Empty(link.Record(3).Properties);
    }

    [Theory]
    [InlineData(AcceptOutcome.QuotaExceeded, 0)]
    [InlineData(AcceptOutcome.Unavailable, 1)]
    [InlineData(AcceptOutcome.QuotaExceeded, 2)]
    public async Task While_the_journal_takes_nothing_nothing_is_lost_and_nothing_acknowledged(AcceptOutcome refusal, int qos)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Answer(refusal);

        await side.SendAsync([.. FakeBroker.Publish(qos: qos, packetId: 1, payload: "first"), .. FakeBroker.Publish(qos: 1, packetId: 2, payload: "second")]);
        await Wait.UntilAsync(() => link.Status.Phase == UpstreamPhase.Paused);
        Assert.Equal($"the journal takes nothing: {refusal}", link.Status.LastError);
        Assert.Equal((0L, 0), (link.Status.Acknowledged, side.Available));

        link.Journal.Answer(AcceptOutcome.Accepted);
        if (qos > 0)
            await side.ReadAsync();
        Assert.Equal(Packets.Puback(2), await side.ReadAsync());
        Assert.Equal(["first", "second"], Enumerable.Range(0, 2).Select(i => link.Record(i).Payload));
        Assert.Equal(UpstreamPhase.Connected, link.Status.Phase);
    }

    [Fact]
    public async Task A_3_1_1_broker_that_cannot_know_our_window_is_only_read_more_slowly()
    {
        const int count = 500;
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => (config.Version, config.ReceiveMaximum) = ("3.1.1", 1));
        using FakeBrokerSide side = await broker.ServeAsync(v5: false);
        link.Journal.Hold();
        await side.SendAsync([.. Enumerable.Range(1, count).SelectMany(id => FakeBroker.Publish(packetId: id, v5: false))]);
        await Wait.UntilAsync(() => link.Journal.Records.Count == 2 + 64);

        link.Journal.Release();
        for (int id = 1; id <= count; id++)
            Assert.Equal(Packets.Puback(id), await side.ReadAsync());
    }
}
