using Ioc.Broker.Upstream;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

public class UpstreamEndTests
{
    public static TheoryData<byte, byte[]> Faults() => new()
    {
        { 0x81, [0x36, 2, 0, 0] }, // both QoS bits
        { 0x81, [0x32, 0xFF, 0xFF, 0xFF, 0xFF] }, // a length of five digits
        { 0x95, [0x32, 0x80, 0x80, 0x80, 0x01] }, // 2 MB announced; judged before they come
        { 0x82, [0xC0, 0] }, // PINGREQ
        { 0x82, [0x40, 2, 0, 1] }, // PUBACK of what we never sent
        { 0x82, [0x90, 4, 0, 1, 0, 1] }, // SUBACK again
        { 0x82, FakeBroker.Publish(packetId: 0) },
        { 0x94, FakeBroker.Publish(topic: "", properties: [0x23, 0, 1]) }, // an alias never given
        { 0x94, FakeBroker.Publish(properties: [0x23, 0, 65]) }, // beyond what we announced
        { 0x90, FakeBroker.Publish(topic: "a/#") },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_broker_that_breaks_the_protocol_is_told_why_and_left_and_tried_again(byte reason, byte[] fault)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        await side.SendAsync([.. FakeBroker.Publish(packetId: 5), .. fault]);

        // What was whole before is kept and acknowledged.
        Assert.Equal(Packets.Puback(5), await side.ReadAsync());
        Assert.Equal([0xE0, 1, reason], await side.ReadAsync());
        Assert.Null(await side.ReadOrEndAsync());
        Assert.Single(link.Journal.Records);

        using FakeBrokerSide again = await broker.ServeAsync(sessionPresent: true);
        await again.SendAsync(FakeBroker.Publish(packetId: 6));
        Assert.Equal(Packets.Puback(6), await again.ReadAsync());
    }

    // [MQTT-3.3.4-9]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task More_messages_than_our_Receive_Maximum_end_the_connection(int qos)
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.ReceiveMaximum = 3);
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Hold();
        await side.SendAsync([.. Enumerable.Range(1, 4).SelectMany(id => FakeBroker.Publish(qos, id))]);
        await Wait.UntilAsync(() => link.Journal.Records.Count == 3);
        link.Journal.Release();

        for (int id = 1; id <= 3; id++)
            Assert.Equal(Packets.Packet(qos == 1 ? 0x40 : 0x50, [0, (byte)id]), await side.ReadAsync());
        Assert.Equal([0xE0, 1, 0x93], await side.ReadAsync());
        await Wait.UntilAsync(() => link.Status.LastError == "it breaks the protocol: ReceiveMaximumExceeded (0x93)");
    }

    // As mosquitto 2.0 does: what waited for us while we were away it puts in flight all at once.
    [Fact]
    public async Task A_session_that_was_kept_may_be_fuller_than_our_Receive_Maximum()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.ReceiveMaximum = 3);
        using FakeBrokerSide side = await broker.ServeAsync(sessionPresent: true);

        await side.SendAsync([.. Enumerable.Range(1, 200).SelectMany(id => FakeBroker.Publish(1, id, dup: true))]);

        for (int id = 1; id <= 200; id++)
            Assert.Equal(Packets.Puback(id), await side.ReadAsync());
    }

    [Fact]
    public async Task Each_acknowledgement_and_each_end_of_an_exchange_gives_its_place_back()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.ReceiveMaximum = 2);
        using FakeBrokerSide side = await broker.ServeAsync();
        for (int id = 1; id <= 100; id++)
        {
            await side.SendAsync([.. FakeBroker.Publish(2, id), .. FakeBroker.Publish(1, id + 1_000)]);
            await side.ReadAsync();
            await side.ReadAsync();
            await side.SendAsync(FakeBroker.Pubrel(id));
            Assert.Equal(Packets.Packet(0x70, [0, (byte)id]), await side.ReadAsync());
        }

        Assert.Equal((200L, 1L), (link.Status.Received, link.Status.Connections));
    }

    [Fact]
    public async Task Silence_is_asked_about_and_then_believed()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.KeepAlive = TimeSpan.FromSeconds(1));
        using FakeBrokerSide side = await broker.ServeAsync();

        Assert.Equal(Packets.Pingreq(), await side.ReadAsync());
        await side.SendAsync(0xD0, 0);
        Assert.Equal(Packets.Pingreq(), await side.ReadAsync());
        Assert.Equal(UpstreamPhase.Connected, link.Status.Phase);

        // From here on nothing comes from there.
        byte[] last = Packets.Pingreq();
        while (last[0] == 0xC0)
            last = await side.ReadAsync();
        Assert.Equal([0xE0, 1, 0x8D], last);
        await Wait.UntilAsync(() => link.Status.LastError == "nothing was heard for 1.5 s");
    }

    [Fact]
    public async Task The_keep_alive_that_the_broker_asks_for_is_kept()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.KeepAlive = TimeSpan.FromMinutes(10));

        // [MQTT-3.2.2-21] Server Keep Alive, one second.
        using FakeBrokerSide side = await broker.ServeAsync(properties: [0x13, 0, 1]);

        Assert.Equal(Packets.Pingreq(), await side.ReadAsync());
    }

    [Fact]
    public async Task While_the_journal_takes_nothing_the_broker_still_gets_signs_of_life()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port, config => config.KeepAlive = TimeSpan.FromSeconds(1));
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Answer(Ioc.Broker.AcceptOutcome.Unavailable);
        await side.SendAsync(FakeBroker.Publish());

        for (int i = 0; i < 5; i++)
            Assert.Equal(Packets.Pingreq(), await side.ReadAsync());
        Assert.Equal((UpstreamPhase.Paused, 1L), (link.Status.Phase, link.Status.Connections));
    }

    [Fact]
    public async Task What_the_broker_says_when_it_leaves_is_shown()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();

        await side.SendAsync(Packets.Packet(0xE0, [0x8B, .. Packets.Sized([0x1F, .. Packets.Text("back at six")])]));

        await Wait.UntilAsync(() => link.Status.LastError == "it ends the connection: ServerShuttingDown (0x8B): back at six");
    }

    [Fact]
    public async Task When_the_journal_breaks_nothing_more_is_acknowledged_and_the_connection_ends()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Hold();
        await side.SendAsync(FakeBroker.Publish());
        await Wait.UntilAsync(() => link.Journal.Records.Count == 1);

        Task<byte[]?> next = side.ReadOrEndAsync();
        await Wait.UntilAsync(() =>
        {
            link.Journal.Break();
            return next.IsCompleted;
        });

        Assert.Equal([0xE0, 1, 0x83], await next);
        Assert.Equal(0, link.Status.Acknowledged);
        await Wait.UntilAsync(() => link.Status.LastError == "accepted messages cannot be made durable: The disk is gone.");
    }

    [Fact]
    public async Task A_stop_acknowledges_what_is_kept_and_says_goodbye()
    {
        using var broker = new FakeBroker();
        await using var link = new RunningLink(broker.Port);
        using FakeBrokerSide side = await broker.ServeAsync();
        link.Journal.Hold();
        await side.SendAsync(FakeBroker.Publish(packetId: 12));
        await Wait.UntilAsync(() => link.Journal.Records.Count == 1);

        Task stopped = link.StopAsync();
        link.Journal.Release();
        await stopped;

        Assert.Equal(Packets.Puback(12), await side.ReadAsync());
        Assert.Equal(Packets.Disconnect(), await side.ReadAsync());
        Assert.Null(await side.ReadOrEndAsync());
        Assert.Equal((UpstreamPhase.Stopped, null), (link.Status.Phase, link.Status.ConnectedSince));
    }
}
