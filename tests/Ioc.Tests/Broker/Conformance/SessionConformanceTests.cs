using System.Text;
using Ioc.Broker.Routing;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>Sessions: when they begin, how long they last, what they keep for a client that is away.</summary>
public class SessionConformanceTests
{
    // [MQTT-3.1.2-4], [MQTT-3.1.4-4]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Clean_start_discards_subscriptions_queues_and_open_exchanges(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("c", level), present: false);
        await client.SubscribeAsync("t", 2, level);
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(Packets.Publish("other", "held", 2, 3, properties: Steps.Empty(level))));
        await host.PublishAsync("t", "in flight", qos: 2);
        await client.ReadAsync();
        await client.DropAsync(host);
        await host.PublishAsync("t", "waiting", qos: 2);

        await using TestClient anew = await host.ConnectAsync(Steps.Lasting("c", level, clean: true), present: false);
        await host.PublishAsync("t", "not wanted any more", qos: 1);
        await anew.SubscribeAsync("u", 1, level);
        await host.PublishAsync("u", "wanted", qos: 1);
        Assert.Equal(Packets.Publish("u", "wanted", 1, 1, properties: Steps.Empty(level)), await anew.ReadAsync());

        int before = host.Journal.Records.Count;
        Assert.Equal(Packets.Pubrec(3), await anew.AskAsync(Packets.Publish("other", "new under an old id", 2, 3, properties: Steps.Empty(level))));
        Assert.Equal(before + 1, host.Journal.Records.Count);
    }

    // [MQTT-3.1.2-6], [MQTT-3.1.2-5], [MQTT-3.1.4-4]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Without_clean_start_a_session_is_made_and_later_gone_on_with(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("c", level), present: false);
        await client.SubscribeAsync("t", 1, level);
        await client.LeaveAsync(host);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("c", level), present: true);
        await host.PublishAsync("t", "still subscribed");

        Assert.Equal(Packets.Publish("t", "still subscribed", 1, 1, properties: Steps.Empty(level)), await again.ReadAsync());
    }

    // [MQTT-3.1.2-5] (3.1.1)
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Messages_of_qos_1_and_2_wait_for_a_client_that_is_away(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("c", level), present: false);
        await client.SubscribeAsync("#", 2, level);
        await client.LeaveAsync(host);
        for (int qos = 0; qos < 3; qos++)
            await host.PublishAsync($"a/{qos}", "x", qos);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("c", level), present: true);

        Assert.Equal(Packets.Publish("a/1", "x", 1, 1, properties: Steps.Empty(level)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("a/2", "x", 2, 2, properties: Steps.Empty(level)), await again.ReadAsync());
    }

    // [MQTT-3.1.2-7] (3.1.1)
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_retained_message_outlives_the_session_of_its_publisher(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("p", level));
        byte[]? user = level == 5 ? PropertyBytes.User("kept", "too") : null;
        await client.SendAsync(Packets.Publish("t", "kept", retain: true, properties: user));
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
        await client.LeaveAsync(host);
        Assert.Equal(0, host.Sessions());

        await using TestClient late = await host.ConnectAsync(Packets.Connect("late", level));
        await late.SubscribeAsync("t", 0, level);
        Assert.Equal(Packets.Publish("t", "kept", retain: true, properties: user), await late.ReadAsync());
    }

    // [MQTT-3.1.2-23], [MQTT-4.1.0-2]
    [Fact]
    public async Task A_session_is_kept_for_its_expiry_interval_and_not_longer()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        byte[] five = Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(5));
        await using TestClient client = await host.ConnectAsync(five, present: false);
        await client.DropAsync(host);

        host.Pass(4.9);
        await using TestClient second = await host.ConnectAsync(five, present: true);
        await second.DropAsync(host);

        host.Pass(5);
        Assert.Equal(0, host.Sessions());
        await using TestClient third = await host.ConnectAsync(five, present: false);
    }

    // [MQTT-4.1.0-2]
    [Fact]
    public async Task A_client_that_returns_after_its_expiry_finds_no_session_even_if_nobody_has_cleared_it_away_yet()
    {
        var time = new FakeTime { TimersRest = true };
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        byte[] five = Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(5), willTopic: "w", willProperties: PropertyBytes.WillDelay(60));
        await using TestClient client = await host.ConnectAsync(five, present: false);
        await client.DropAsync(host);

        time.Advance(5);

        await using TestClient again = await host.ConnectAsync(five, present: false);
        Assert.Equal("gone", Encoding.UTF8.GetString(host.Journal.Records.Single().Payload));
    }

    // [MQTT-4.1.0-2]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_session_without_expiry_goes_with_its_connection(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", level), present: false);
        await client.SubscribeAsync("t", 1, level);

        await client.DropAsync(host);

        Assert.Equal(0, host.Sessions());
        Assert.Equal(0, host.Service<SubscriptionTree>().Count);
        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", level, clean: false), present: false);
    }

    // [MQTT-3.1.2-23], [MQTT-4.1.0-2]
    [Fact]
    public async Task The_goodbye_may_change_how_long_the_session_lasts()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient longer = await host.ConnectAsync(Expiring("longer", 5), present: false);
        await longer.LeaveAsync(host, Goodbye(60));
        await using TestClient shorter = await host.ConnectAsync(Expiring("shorter", 60), present: false);
        await shorter.LeaveAsync(host, Goodbye(5));
        await using TestClient none = await host.ConnectAsync(Expiring("none", 60), present: false);
        await none.LeaveAsync(host, Goodbye(0));

        host.Pass(5);

        await using TestClient longerAgain = await host.ConnectAsync(Expiring("longer", 5), present: true);
        await using TestClient shorterAgain = await host.ConnectAsync(Expiring("shorter", 60), present: false);
        await using TestClient noneAgain = await host.ConnectAsync(Expiring("none", 60), present: false);
    }

    [Fact]
    public async Task The_goodbye_cannot_make_a_session_last_that_was_to_end()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", 5), present: false);

        await client.SendAsync(Goodbye(60));

        Assert.Equal([0xE0, 1, 0x82], (await client.ReadToEndAsync()).Single());
    }

    // [MQTT-3.1.2-23]
    [Fact]
    public async Task What_is_granted_of_the_expiry_asked_for_is_told_and_kept()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time, ("MaxSessionExpiry", "00:01:00"));
        await using TestClient client = await host.OpenAsync();
        byte[] connack = await client.AskAsync(Expiring("c", uint.MaxValue));
        Assert.True(connack.AsSpan().IndexOf(PropertyBytes.SessionExpiry(60)) > 0);
        await client.DropAsync(host);

        host.Pass(59);
        Assert.Equal(1, host.Sessions());
        host.Pass(1);
        Assert.Equal(0, host.Sessions());
    }

    // [MQTT-3.1.3-2]
    [Fact]
    public async Task The_client_id_names_the_session_byte_by_byte()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient small = await host.ConnectAsync(Steps.Lasting("trạm", 4), present: false);
        await small.SubscribeAsync("t", 1, 4);
        await small.LeaveAsync(host);

        await using TestClient other = await host.ConnectAsync(Steps.Lasting("TRẠM", 4), present: false);
        await using TestClient same = await host.ConnectAsync(Steps.Lasting("trạm", 4), present: true);
        Assert.Equal(2, host.Sessions());
    }

    // [MQTT-4.1.0-1], [MQTT-4.1.0-2] (3.1.1)
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_session_is_kept_while_its_connection_is_open_however_short_its_expiry(byte level)
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", level, keepAlive: 0, properties: PropertyBytes.SessionExpiry(1)), present: false);
        await client.SubscribeAsync("t", 2, level);
        await host.PublishAsync("t", "one", qos: 2);
        await client.ReadAsync();

        host.Pass(86_400);

        Assert.Equal(Packets.Pubrel(1), await client.AskAsync(Packets.Pubrec(1)));
        await host.PublishAsync("t", "two", qos: 0);
        Assert.Equal(Packets.Publish("t", "two", properties: Steps.Empty(level)), await client.ReadAsync());
    }

    // [MQTT-4.5.0-1]
    [Fact]
    public async Task A_message_is_added_to_every_session_that_matches_there_or_away()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        string[] filters = ["a/b", "a/+", "#", "+/b", "a/b/#"];
        foreach (string filter in filters)
        {
            await using TestClient away = await host.ConnectAsync(Steps.Lasting("away " + filter, 5), present: false);
            await away.SubscribeAsync(filter, 1, 5);
            await away.LeaveAsync(host);
        }

        await using TestClient there = await host.ConnectAsync(Packets.Connect("there", 5));
        await there.SubscribeAsync("a/b", 1, 5);
        await using TestClient elsewhere = await host.ConnectAsync(Packets.Connect("elsewhere", 5));
        await elsewhere.SubscribeAsync("a/c", 1, 5);
        await host.PublishAsync("a/b", "x");
        await host.PublishAsync("a/c", "not for them", qos: 0);

        byte[] expected = Packets.Publish("a/b", "x", 1, 1, properties: []);
        Assert.Equal(expected, await there.ReadAsync());
        Assert.Equal(Packets.Publish("a/c", "not for them", properties: []), await elsewhere.ReadAsync());
        foreach (string filter in filters)
        {
            await using TestClient back = await host.ConnectAsync(Steps.Lasting("away " + filter, 5), present: true);
            Assert.Equal(expected, await back.ReadAsync());
        }
    }

    // [MQTT-4.6.0-5], [MQTT-4.6.0-6]
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(1, 65_535)]
    [InlineData(2, 65_535)]
    public async Task Messages_of_one_client_and_qos_come_in_their_order_on_every_topic(int qos, int window)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s", 5, properties: window == 0 ? [] : PropertyBytes.ReceiveMaximum(window)));
        await subscriber.SubscribeAsync("a/+", 2, 5);
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        Task sending = publisher.SendAsync([.. Enumerable.Range(1, 500).SelectMany(i => Packets.Publish($"a/{i % 3}", $"{i:000}", qos, i))]);

        for (int i = 1; i <= 500;)
        {
            byte[] packet = await subscriber.ReadAsync();
            if (packet[0] == 0x62)
            {
                await subscriber.SendAsync(Packets.Pubcomp((packet[2] << 8) | packet[3]));
                continue;
            }

            Assert.Equal($"{i++:000}", Encoding.UTF8.GetString(packet[^3..]));
            int id = (packet[7] << 8) | packet[8];
            if (qos > 0)
                await subscriber.SendAsync(qos == 1 ? Packets.Puback(id) : Packets.Pubrec(id));
        }

        await sending;
    }

    // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    [Fact]
    public async Task What_expired_while_its_receiver_was_away_is_not_delivered_and_the_rest_says_how_long_it_has()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("c", 5), present: false);
        await client.SubscribeAsync("t", 1, 5);
        await client.LeaveAsync(host);
        await host.PublishAsync("t", "short", properties: PropertyBytes.MessageExpiry(10));
        await host.PublishAsync("t", "long", properties: PropertyBytes.MessageExpiry(100));

        host.Pass(40);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("c", 5), present: true);
        byte[] delivery = await again.ReadAsync();
        Assert.Equal(Packets.Publish("t", "long", 1, (delivery[5] << 8) | delivery[6], properties: PropertyBytes.MessageExpiry(60)), delivery);
        Assert.Equal(1, host.Counters.DroppedByReason["expired"]);
    }

    private static byte[] Expiring(string clientId, uint seconds) =>
        Packets.Connect(clientId, 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(seconds));

    private static byte[] Goodbye(uint expirySeconds) => Packets.Packet(0xE0, [0x00, .. Packets.Sized(PropertyBytes.SessionExpiry(expirySeconds))]);
}
