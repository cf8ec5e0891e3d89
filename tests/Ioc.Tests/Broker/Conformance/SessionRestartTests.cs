using Ioc.Broker.Routing;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>Sessions over a crash of the server: from the journal alone, or from a snapshot and what the journal holds behind it.</summary>
public class SessionRestartTests
{
    // [MQTT-4.3.3-10], [MQTT-4.3.3-12]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_received_message_that_is_not_released_is_known_again(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("p", 5), present: false);
        foreach (int id in new[] { 3, 4, 60_000 })
            Assert.Equal(Packets.Pubrec(id), await client.AskAsync(Packets.Publish("t", $"{id}", 2, id, properties: [])));
        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        Assert.Equal(Packets.Pubcomp(4), await client.AskAsync(Packets.Pubrel(4)));
        Assert.Equal(Packets.Pubrec(5), await client.AskAsync(Packets.Publish("t", "5", 2, 5, properties: [])));

        await using BrokerHost second = await first.RestartAsync(middle);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("p", 5), present: true);
        foreach (int id in new[] { 3, 5, 60_000 })
            Assert.Equal(Packets.Pubrec(id), await again.AskAsync(Packets.Publish("t", $"{id}", 2, id, dup: true, properties: [])));
        Assert.Equal(4, second.Journal.Records.Count);
        Assert.Equal(Packets.Pubrec(4), await again.AskAsync(Packets.Publish("t", "new", 2, 4, properties: [])));
        Assert.Equal(5, second.Journal.Records.Count);
    }

    // [MQTT-4.4.0-1], [MQTT-4.6.0-1], [MQTT-4.6.0-4]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_deliveries_go_on_under_their_packet_ids(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        await DeliverAsync(first, client, "1", qos: 1);
        await DeliverAsync(first, client, "2", qos: 2);
        await DeliverAsync(first, client, "3", qos: 2);
        await DeliverAsync(first, client, "4", qos: 1);
        Assert.Equal(Packets.Pubrel(3), await client.AskAsync(Packets.Pubrec(3)));
        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        await DeliverAsync(first, client, "5", qos: 2);
        await DeliverAsync(first, client, "6", qos: 1);
        await client.SendAsync([.. Packets.Puback(1), .. Packets.Pubrec(2)]);
        Assert.Equal(Packets.Pubrel(2), await client.ReadAsync());

        await using BrokerHost second = await first.RestartAsync(middle);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        Assert.Equal(Packets.Pubrel(3), await again.ReadAsync());
        Assert.Equal(Packets.Pubrel(2), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "4", 1, 4, dup: true, properties: []), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "5", 2, 5, dup: true, properties: []), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "6", 1, 6, dup: true, properties: []), await again.ReadAsync());
        await second.PublishAsync("t", "7", qos: 2);
        Assert.Equal(Packets.Publish("t", "7", 2, 7, properties: []), await again.ReadAsync());
    }

    // [MQTT-3.1.2-5] (3.1.1), [MQTT-3.3.4-3], [MQTT-4.6.0-5]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waits_comes_once_in_its_order_with_all_it_bears(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t/+", 2, 5, PropertyBytes.SubscriptionId(300));
        await client.SubscribeAsync("#", 0x08 | 1, 5, PropertyBytes.SubscriptionId(7)); // retain as published
        await client.DropAsync(first);
        await first.PublishAsync("t/1", "both", qos: 2, properties: PropertyBytes.User("k", "v"));
        await first.PublishAsync("u", "retained", qos: 2, retain: true);
        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        await first.PublishAsync("u", "passing by", qos: 0);
        for (int i = 0; i < 100; i++)
            await first.PublishAsync("v", $"{i}");

        await using BrokerHost second = await first.RestartAsync(middle);
        await second.PublishAsync("w", "live");
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        byte[] both = await again.ReadAsync();
        byte[] properties = [.. PropertyBytes.User("k", "v"), .. PropertyBytes.SubscriptionId(300), .. PropertyBytes.SubscriptionId(7)];
        byte[] turned = [.. PropertyBytes.User("k", "v"), .. PropertyBytes.SubscriptionId(7), .. PropertyBytes.SubscriptionId(300)];
        Assert.Contains(both, new[] { Packets.Publish("t/1", "both", 2, 1, properties: properties), Packets.Publish("t/1", "both", 2, 1, properties: turned) });
        Assert.Equal(Packets.Publish("u", "retained", 1, 2, retain: true, properties: PropertyBytes.SubscriptionId(7)), await again.ReadAsync());
        for (int i = 0; i < 100; i++)
            Assert.Equal(Packets.Publish("v", $"{i}", 1, 3 + i, properties: PropertyBytes.SubscriptionId(7)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("w", "live", 1, 103, properties: PropertyBytes.SubscriptionId(7)), await again.ReadAsync());
    }

    // [MQTT-3.1.2-5]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Subscriptions_go_on_with_their_options(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("local", 0x04 | 1, 5); // no local
        await client.SubscribeAsync("replaced", 2, 5);
        await client.SubscribeAsync("given up", 2, 5);
        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        await client.SubscribeAsync("replaced", 0, 5, PropertyBytes.SubscriptionId(5));
        await client.AskAsync(Packets.Unsubscribe("given up", 9, []));

        await using BrokerHost second = await first.RestartAsync(middle);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        Assert.Equal(2, second.Service<SubscriptionTree>().Count);
        await again.SendAsync([.. Packets.Publish("local", "mine", properties: []), .. Packets.Publish("given up", "no", properties: []), .. Packets.Publish("replaced", "yes", 1, 9, properties: [])]);
        byte[][] got = [await again.ReadAsync(), await again.ReadAsync()];
        Assert.Contains(Packets.Puback(9), got);
        Assert.Contains(Packets.Publish("replaced", "yes", properties: PropertyBytes.SubscriptionId(5)), got);
    }

    // [MQTT-3.1.2-23], [MQTT-4.1.0-2]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Time_away_counts_from_the_goodbye_or_for_who_was_connected_from_the_restart(bool snapshot)
    {
        var time = new FakeTime();
        await using BrokerHost first = await BrokerHost.StartAsync(time);
        byte[] away = Packets.Connect("away", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(10));
        byte[] there = Packets.Connect("there", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(10));
        await using TestClient gone = await first.ConnectAsync(away, present: false);
        await using TestClient staying = await first.ConnectAsync(there, present: false);
        await gone.DropAsync(first);
        time.Advance(6);

        await using BrokerHost second = await first.RestartAsync(snapshot ? first.TakeSnapshot() : null);
        second.Pass(3);
        Assert.Equal(2, second.Sessions());
        second.Pass(1);
        Assert.Equal(1, second.Sessions());
        second.Pass(5.9);
        Assert.Equal(1, second.Sessions());
        second.Pass(0.1);
        Assert.Equal(0, second.Sessions());
    }

    // [MQTT-3.1.2-4], [MQTT-4.1.0-2]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sessions_that_ended_or_began_anew_do_not_come_back(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        foreach (string id in new[] { "ended", "anew", "short" })
        {
            await using TestClient client = await first.ConnectAsync(Steps.Lasting(id, 5), present: false);
            await client.SubscribeAsync("t", 1, 5);
            await client.LeaveAsync(first);
        }

        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        await first.PublishAsync("t", "waiting");
        await using TestClient ended = await first.ConnectAsync(Steps.Lasting("ended", 5), present: true);
        await ended.ReadAsync();
        await ended.LeaveAsync(first, Packets.Packet(0xE0, [0x00, .. Packets.Sized(PropertyBytes.SessionExpiry(0))]));
        await using TestClient anew = await first.ConnectAsync(Steps.Lasting("anew", 5, clean: true), present: false);
        await using TestClient passing = await first.ConnectAsync(Packets.Connect("short", 5, clean: false), present: true); // ends with its connection, whatever ends that

        await using BrokerHost second = await first.RestartAsync(middle);
        Assert.Equal((1, 0), (second.Sessions(), second.Service<SubscriptionTree>().Count));
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("anew", 5), present: true);
        await again.SubscribeAsync("t", 1, 5);
        await second.PublishAsync("t", "new");
        Assert.Equal(Packets.Publish("t", "new", 1, 1, properties: []), await again.ReadAsync());
    }

    // [MQTT-3.3.1-11]
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public async Task A_retained_message_that_was_delivered_is_not_delivered_again(bool snapshot, int qos)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await first.PublishAsync("t", "retained", retain: true);
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", qos, 5);
        Assert.Equal(Packets.Publish("t", "retained", qos, 1, retain: true, properties: []), await client.ReadAsync());
        if (qos == 1)
            await client.SendAsync(Packets.Puback(1));
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));

        await using BrokerHost second = await first.RestartAsync(snapshot ? first.TakeSnapshot() : null);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        await second.PublishAsync("t", "live", qos: 0);
        Assert.Equal(Packets.Publish("t", "live", properties: []), await again.ReadAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_retained_message_on_its_way_is_sent_again_though_another_has_replaced_it(bool snapshot)
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await first.PublishAsync("t", "old", qos: 2, retain: true);
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5, PropertyBytes.SubscriptionId(4));
        Assert.Equal(Packets.Publish("t", "old", 2, 1, retain: true, properties: PropertyBytes.SubscriptionId(4)), await client.ReadAsync());
        BrokerSnapshot? middle = snapshot ? first.TakeSnapshot() : null;
        await client.DropAsync(first);
        await first.PublishAsync("t", "new", retain: true);

        await using BrokerHost second = await first.RestartAsync(middle);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        Assert.Equal(Packets.Publish("t", "old", 2, 1, retain: true, dup: true, properties: PropertyBytes.SubscriptionId(4)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "new", 1, 2, properties: PropertyBytes.SubscriptionId(4)), await again.ReadAsync());
    }

    [Fact]
    public async Task What_the_journal_lost_in_the_crash_was_not_acknowledged_and_may_come_again()
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("p", 5), present: false);
        first.Journal.Hold();
        await client.SendAsync([.. Packets.Publish("t", "one", 2, 3, properties: []), .. Packets.Pingreq()]);
        Assert.Equal([0xD0, 0], await client.ReadAsync());
        await Wait.UntilAsync(() => first.Journal.Records.Count == 1);

        await using BrokerHost second = await first.RestartAsync();
        Assert.Empty(second.Journal.Records);
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("p", 5), present: true);
        Assert.Equal(Packets.Pubrec(3), await again.AskAsync(Packets.Publish("t", "one", 2, 3, dup: true, properties: [])));
        Assert.Single(second.Journal.Records);
    }

    // A delivery of QoS 2 whose packet id were lost in the crash would come again under another and be taken twice.
    [Fact]
    public async Task A_delivery_of_qos_2_leaves_when_its_packet_id_is_durable()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p", 5));
        int before = host.Journal.All.Count;
        host.Journal.Hold();
        await publisher.SendAsync(Packets.Publish("t", "one", 2, 3, properties: []));
        await Wait.UntilAsync(() => host.Journal.All.Count == before + 1);

        host.Journal.FlushUpTo(before + 1);
        Assert.Equal(Packets.Pubrec(3), await publisher.ReadAsync());
        await Wait.UntilAsync(() => host.Journal.All.Count == before + 2);
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));

        host.Journal.Release();
        Assert.Equal(Packets.Publish("t", "one", 2, 1, properties: []), await client.ReadAsync());
    }

    // [MQTT-3.3.4-4]
    [Fact]
    public async Task A_snapshot_holds_a_message_that_hundreds_of_subscriptions_of_one_client_match()
    {
        await using BrokerHost first = await BrokerHost.StartAsync();
        await using TestClient client = await first.ConnectAsync(Steps.Lasting("s", 5), present: false);
        string[] levels = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        for (int i = 0; i < 300; i++)
            await client.SubscribeAsync(string.Join('/', levels.Select((level, n) => (i >> n & 1) == 1 ? "+" : level)), 1, 5, PropertyBytes.SubscriptionId(i + 1));
        await client.DropAsync(first);
        await first.PublishAsync(string.Join('/', levels), "x");

        await using BrokerHost second = await first.RestartAsync(first.TakeSnapshot());
        await using TestClient again = await second.ConnectAsync(Steps.Lasting("s", 5), present: true);
        byte[] delivery = await again.ReadAsync();
        int expected = 2 + 17 + 2 + 2 + Enumerable.Range(1, 300).Sum(i => PropertyBytes.SubscriptionId(i).Length) + 1;
        Assert.Equal(expected, delivery.Length - 3);
    }

    private static async Task DeliverAsync(BrokerHost host, TestClient client, string payload, int qos)
    {
        await host.PublishAsync("t", payload, qos);
        Assert.Equal((byte)payload[0], (await client.ReadAsync())[^1]);
    }
}
