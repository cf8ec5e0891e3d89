using Ioc.Broker.Routing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

public class SubscriptionTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 2, 1)]
    public async Task A_message_is_delivered_at_the_lower_of_published_and_granted(int published, int asked, int delivered)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("subscriber"));
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("publisher"));

        await subscriber.SendAsync(Packets.Subscribe("a/+", asked, packetId: 8));
        Assert.Equal([0x90, 3, 0, 8, (byte)asked], await subscriber.ReadAsync());
        await publisher.SendAsync(Packets.Publish("a/b", "hello", published));

        Assert.Equal(Packets.Publish("a/b", "hello", delivered), await subscriber.ReadAsync());
    }

    [Fact]
    public async Task Versions_meet_in_the_middle_and_properties_go_through_unchanged()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient old = await host.ConnectAsync(Packets.Connect("old"));
        await using TestClient young = await host.ConnectAsync(Packets.Connect("young", level: 5));
        await old.SendAsync(Packets.Subscribe("t"));
        await young.SendAsync(Packets.Subscribe("t", properties: []));
        await old.ReadAsync();
        await young.ReadAsync();
        byte[] properties = [0x03, .. Packets.Text("text/plain"), 0x26, .. Packets.Text("k"), .. Packets.Text("v"), 0x08, .. Packets.Text("r"), 0x09, 0, 1, 7];

        await young.SendAsync(Packets.Publish("t", "x", properties: properties));

        Assert.Equal(Packets.Publish("t", "x"), await old.ReadAsync());
        Assert.Equal(Packets.Publish("t", "x", properties: properties), await young.ReadAsync());
    }

    [Fact]
    public async Task Overlapping_subscriptions_deliver_once_at_the_highest_granted_qos()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync([.. Packets.Subscribe("a/#", 0), .. Packets.Subscribe("a/b", 1), .. Packets.Subscribe("+/b", 0)]);
        for (int i = 0; i < 3; i++)
            await client.ReadAsync();

        await client.SendAsync([.. Packets.Publish("a/b", "1", qos: 1, packetId: 77), .. Packets.Publish("a/c", "2")]);

        var got = new List<byte[]> { await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync() };
        Assert.Contains(got, p => p.SequenceEqual(Packets.Publish("a/b", "1", qos: 1, packetId: 1)));
        Assert.Contains(got, p => p.SequenceEqual(Packets.Publish("a/c", "2")));
        Assert.Contains(got, p => p.SequenceEqual(Packets.Puback(77)));
    }

    // [MQTT-3.8.3-3]
    [Fact]
    public async Task No_local_spares_the_publisher_its_own_messages()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await client.SendAsync([.. Packets.Subscribe("a", options: 0x05, properties: []), .. Packets.Subscribe("b", properties: [])]);
        await client.ReadAsync();
        await client.ReadAsync();

        await client.SendAsync([.. Packets.Publish("a", "mine", properties: []), .. Packets.Publish("b", "mine too", properties: [])]);

        Assert.Equal(Packets.Publish("b", "mine too", properties: []), await client.ReadAsync());
    }

    [Fact]
    public async Task After_unsubscribe_nothing_comes()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await client.SendAsync([.. Packets.Subscribe("a", properties: []), .. Packets.Unsubscribe("a", 2, []), .. Packets.Unsubscribe("a", 3, [])]);
        await client.ReadAsync();
        Assert.Equal([0xB0, 4, 0, 2, 0, 0], await client.ReadAsync());
        Assert.Equal([0xB0, 4, 0, 3, 0, 0x11], await client.ReadAsync());

        await client.SendAsync([.. Packets.Publish("a", properties: []), .. Packets.Pingreq()]);

        Assert.Equal([0xD0, 0], await client.ReadAsync());
        Assert.Equal(0, host.Service<SubscriptionTree>().Count);
    }

    [Theory]
    [InlineData("a/#/b", 0x8F)]
    [InlineData("$share/g+/a", 0x8F)]
    [InlineData("$share//a", 0x8F)]
    [InlineData("$share/g", 0x8F)]
    public async Task A_filter_that_is_not_served_is_refused_alone(string filter, byte code)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));

        await client.SendAsync(Packets.Packet(0x82, [0, 5, 0, .. Packets.Text(filter), 1, .. Packets.Text("good"), 1]));

        Assert.Equal([0x90, 5, 0, 5, 0, code, 1], await client.ReadAsync());
    }

    [Fact]
    public async Task Filters_are_bounded_in_number_and_depth()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxSubscriptionsPerSession", "1"));
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        string deep = string.Concat(Enumerable.Repeat("+/", 30_000));

        await client.SendAsync([.. Packets.Subscribe(deep), .. Packets.Subscribe("a", packetId: 2), .. Packets.Subscribe("b", packetId: 3), .. Packets.Subscribe("a", packetId: 4)]);

        Assert.Equal([0x90, 3, 0, 1, 0x80], await client.ReadAsync());
        Assert.Equal([0x90, 3, 0, 2, 1], await client.ReadAsync());
        Assert.Equal([0x90, 3, 0, 3, 0x80], await client.ReadAsync());
        Assert.Equal([0x90, 3, 0, 4, 1], await client.ReadAsync());
    }

    [Fact]
    public async Task The_servers_own_topics_are_not_written_by_clients()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await client.SendAsync(Packets.Subscribe("$SYS/#", properties: []));
        await client.ReadAsync();

        await client.SendAsync([.. Packets.Publish("$SYS/x", qos: 1, packetId: 6, properties: []), .. Packets.Publish("$SYS/x", properties: []), .. Packets.Pingreq()]);

        var got = new List<byte[]> { await client.ReadAsync(), await client.ReadAsync() };
        Assert.Contains(got, p => p.SequenceEqual(new byte[] { 0x40, 3, 0, 6, 0x87 }));
        Assert.Contains(got, p => p.SequenceEqual(new byte[] { 0xD0, 0 }));
        Assert.Empty(host.Journal.Records);
        Assert.Equal(2, host.Counters.RefusedByReason["systemTopic"]);
    }

    [Fact]
    public async Task Unacknowledged_messages_hold_back_the_next_until_acknowledged()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s", level: 5, properties: [0x21, 0, 2])); // receive maximum 2
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        await subscriber.SendAsync(Packets.Subscribe("t", properties: []));
        await subscriber.ReadAsync();

        await publisher.SendAsync([.. Enumerable.Range(1, 3).SelectMany(id => Packets.Publish("t", $"{id}", qos: 1, packetId: id))]);
        Assert.Equal(Packets.Publish("t", "1", qos: 1, packetId: 1, properties: []), await subscriber.ReadAsync());
        Assert.Equal(Packets.Publish("t", "2", qos: 1, packetId: 2, properties: []), await subscriber.ReadAsync());
        await subscriber.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await subscriber.ReadAsync());

        await subscriber.SendAsync(Packets.Puback(1));
        Assert.Equal(Packets.Publish("t", "3", qos: 1, packetId: 3, properties: []), await subscriber.ReadAsync());
    }

    [Fact]
    public async Task What_a_slow_subscriber_cannot_hold_is_dropped_and_counted()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxOutgoingQueue", "10"), ("MaxInflight", "1"));
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s"));
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        await subscriber.SendAsync(Packets.Subscribe("t"));
        await subscriber.ReadAsync();

        for (int id = 1; id <= 50; id++)
        {
            await publisher.SendAsync(Packets.Publish("t", qos: 1, packetId: id));
            await publisher.ReadAsync();
        }

        // One in flight, ten waiting, the rest let go; and the publisher was never held up.
        await Wait.UntilAsync(() => host.Counters.DroppedByReason.GetValueOrDefault("queueFull") is 39 or 40);
        Assert.Equal(50, host.Counters.Received);
    }

    [Fact]
    public async Task A_message_too_large_for_its_receiver_is_passed_over()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s", level: 5, properties: [0x27, 0, 0, 0, 100, 0x21, 0, 1]));
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        await subscriber.SendAsync(Packets.Subscribe("t", properties: []));
        await subscriber.ReadAsync();

        await publisher.SendAsync([.. Packets.Publish("t", new string('x', 200), qos: 1), .. Packets.Publish("t", "small", qos: 1, packetId: 2)]);

        Assert.Equal("small", System.Text.Encoding.UTF8.GetString((await subscriber.ReadAsync())[^5..]));
        Assert.Equal(1, host.Counters.DroppedByReason["packetTooLargeForClient"]);
    }
}
