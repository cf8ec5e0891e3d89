using Ioc.Broker.Routing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class SubscribeConformanceTests
{
    // [MQTT-3.8.4-1], [MQTT-3.8.4-2], [MQTT-2.2.1-6], [MQTT-3.10.4-4]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Subscribe_and_unsubscribe_are_answered_under_their_packet_ids(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: level));
        byte[]? properties = level == 5 ? Packets.None : null;

        await client.SendAsync([.. Packets.Subscribe("a", 1, 0xBEEF, properties), .. Packets.Unsubscribe("a", 0x1234, properties)]);

        Assert.Equal(level == 5 ? [0x90, 4, 0xBE, 0xEF, 0, 1] : [0x90, 3, 0xBE, 0xEF, 1], await client.ReadAsync());
        Assert.Equal(level == 5 ? [0xB0, 4, 0x12, 0x34, 0, 0] : [0xB0, 2, 0x12, 0x34], await client.ReadAsync());
    }

    // [MQTT-3.10.4-5]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_unsubscribe_that_removes_nothing_is_answered_all_the_same(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: level));

        await client.SendAsync(Packets.Unsubscribe("never", 77, level == 5 ? Packets.None : null));

        Assert.Equal(level == 5 ? [0xB0, 4, 0, 77, 0, 0x11] : [0xB0, 2, 0, 77], await client.ReadAsync());
    }

    // [MQTT-3.8.4-6], [MQTT-3.8.4-7], [MQTT-3.9.3-1]
    [Theory]
    [InlineData(4, 0x80)]
    [InlineData(5, 0x8F)]
    public async Task Each_filter_has_its_code_in_the_order_of_the_filters(byte level, byte failure)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: level));

        await client.SendAsync(Packets.Packet(0x82, [0, 3, .. level == 5 ? new byte[] { 0 } : [],
            .. Packets.Text("two"), 2, .. Packets.Text("wrong/#/wrong"), 1, .. Packets.Text("none"), 0, .. Packets.Text("one"), 1]));

        byte[] suback = await client.ReadAsync();
        Assert.Equal([2, failure, 0, 1], suback[^4..]);
        Assert.Equal(level == 5 ? 9 : 8, suback.Length);
    }

    // [MQTT-3.8.4-5]
    [Fact]
    public async Task Several_filters_in_one_subscribe_count_as_several_with_one_answer()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");

        await client.SendAsync(Packets.Packet(0x82, [0, 3, 0, .. Packets.Text("a"), 0, .. Packets.Text("b/+"), 0, .. Packets.Text("c/#"), 0]));
        Assert.Equal([0x90, 6, 0, 3, 0, 0, 0, 0], await client.ReadAsync());

        foreach (string topic in new[] { "a", "b/1", "c/1/2" })
        {
            await client.SendAsync(Packets.Publish(topic, properties: []));
            Assert.Equal(topic, (await client.DeliveredAsync()).Topic);
        }
    }

    // [MQTT-3.8.4-3]
    [Fact]
    public async Task The_same_filter_again_replaces_the_subscription()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("end", 0);

        await client.SubscribeAsync("a", 1, [0x0B, 5]);
        await client.SubscribeAsync("a", 0, [0x0B, 6]);
        await publisher.PublishAsync("a", "x");
        await publisher.PublishAsync("end", "x");

        Delivered delivered = await client.DeliveredAsync();
        Assert.Equal(("a", 0), (delivered.Topic, delivered.Qos));
        Assert.Equal([6], delivered.SubscriptionIds);
        Assert.Equal("end", (await client.DeliveredAsync()).Topic);
        Assert.Equal(2, host.Service<SubscriptionTree>().Count);
    }

    // [MQTT-3.8.4-4]
    [Fact]
    public async Task Replacing_a_subscription_brings_retained_messages_again_and_loses_nothing()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await publisher.PublishAsync("a/kept", "kept", retain: true);
        await client.SubscribeAsync("a/#", 0);
        Assert.True((await client.DeliveredAsync()).Retain);

        Task publishing = publisher.SendAsync([.. Enumerable.Range(0, 300).SelectMany(number => Packets.Publish("a/live", $"{number}", properties: []))]);
        for (int i = 0; i < 20; i++)
            await client.SendAsync(Packets.Subscribe("a/#", 0, 10 + i, []));
        await publishing;

        var live = new List<int>();
        int retained = 0;
        while (live.Count < 300 || retained < 20)
        {
            byte[] packet = await client.ReadAsync();
            if (packet[0] == 0x30)
                live.Add(int.Parse(Delivered.Read(packet).Payload, System.Globalization.CultureInfo.InvariantCulture));
            else if (packet[0] == 0x31)
                retained++;
        }

        Assert.Equal(Enumerable.Range(0, 300), live);
        Assert.Equal(20, retained);
    }

    // [MQTT-3.8.4-8]
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public async Task A_message_comes_at_the_lower_of_published_and_granted(int published, int granted)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("a", granted);

        await publisher.SendAsync(Packets.Publish("a", "x", published, properties: []));

        Assert.Equal(Math.Min(published, granted), (await client.DeliveredAsync()).Qos);
    }

    // [MQTT-3.3.4-2], [MQTT-3.3.4-3], [MQTT-3.3.4-4]
    [Fact]
    public async Task Overlapping_subscriptions_bring_one_copy_at_their_highest_qos_with_all_their_identifiers()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("a/#", 0, [0x0B, 11]);
        await client.SubscribeAsync("a/b", 1, [0x0B, 12]);
        await client.SubscribeAsync("+/b", 0); // without a number
        await client.SubscribeAsync("#", 0, [0x0B, 13]);

        await publisher.PublishAsync("a/b", "1");
        await publisher.PublishAsync("a/c", "2");

        Delivered both = await client.DeliveredAsync();
        Assert.Equal(("a/b", 1), (both.Topic, both.Qos));
        Assert.Equal([11, 12, 13], both.SubscriptionIds);
        Delivered one = await client.DeliveredAsync();
        Assert.Equal(("a/c", 0), (one.Topic, one.Qos));
        Assert.Equal([11, 13], one.SubscriptionIds);
    }

    [Fact]
    public async Task Retained_messages_carry_the_identifier_of_the_subscription_they_answer()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.PublishAsync("a", "kept", retain: true);

        await client.SubscribeAsync("a", 0, [0x0B, 9]);

        Assert.Equal([9], (await client.DeliveredAsync()).SubscriptionIds);
    }

    // [MQTT-3.10.4-1]
    [Fact]
    public async Task Only_the_filter_that_is_equal_character_by_character_goes()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.SubscribeAsync("a/b", 0);
        await client.SubscribeAsync("a/+", 0);

        byte[] others = [0, 5, 0, .. Packets.Text("A/b"), .. Packets.Text("a/b/"), .. Packets.Text("/a/b"), .. Packets.Text("a/#"), .. Packets.Text("+/b"), .. Packets.Text("a/+")];
        await client.SendAsync(Packets.Packet(0xA2, others));
        Assert.Equal([0x11, 0x11, 0x11, 0x11, 0x11, 0], (await client.ReadAsync())[5..]);

        await client.SendAsync([.. Packets.Publish("a/c", properties: []), .. Packets.Publish("a/b", properties: [])]);
        Assert.Equal("a/b", (await client.DeliveredAsync()).Topic);
    }

    // [MQTT-3.10.4-2]
    [Fact]
    public async Task Nothing_new_comes_after_unsubscribe()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("end");
        await client.SendAsync(Packets.Unsubscribe("a", 5, []));
        Assert.Equal([0xB0, 4, 0, 5, 0, 0], await client.ReadAsync());

        await publisher.PublishAsync("a", "late");
        await publisher.PublishAsync("end", "");

        Assert.Equal("end", (await client.DeliveredAsync()).Topic);
    }

    // [MQTT-3.10.4-3]
    [Fact]
    public async Task Deliveries_that_have_begun_are_completed_after_unsubscribe()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.JoinAsync("s", 0x11, 0, 0, 0, 100);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("a", 2);
        await publisher.SendAsync(Packets.Publish("a", "twice", qos: 2, packetId: 1, properties: []));
        int exact = (await client.DeliveredAsync()).PacketId;
        await publisher.SendAsync(Packets.Publish("a", "once", qos: 1, packetId: 2, properties: []));
        int atLeast = (await client.DeliveredAsync()).PacketId;

        await client.SendAsync(Packets.Unsubscribe("a", 5, []));
        await client.ReadAsync();
        await client.SendAsync(Packets.Pubrec(exact));
        Assert.Equal(Packets.Pubrel(exact), await client.ReadAsync());
        await client.SendAsync(Packets.Pubcomp(exact));
        await client.HearsNothingAsync();
        client.Drop();

        await using TestClient again = await host.OpenAsync();
        await again.SendAsync(Packets.Connect("s", level: 5, clean: false));
        Assert.Equal([1, 0], (await again.ReadAsync())[2..4]);
        Delivered repeated = await again.DeliveredAsync();
        Assert.Equal(("once", 1, true, atLeast), (repeated.Payload, repeated.Qos, repeated.Dup, repeated.PacketId));
    }

    // [MQTT-3.10.4-6], [MQTT-3.11.3-1]
    [Fact]
    public async Task Several_filters_in_one_unsubscribe_count_as_several_with_one_answer_in_their_order()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");
        await client.SubscribeAsync("c", 0);

        await client.SendAsync(Packets.Packet(0xA2, [0, 8, 0, .. Packets.Text("b"), .. Packets.Text("none"), .. Packets.Text("a"), .. Packets.Text("b")]));

        Assert.Equal([0xB0, 7, 0, 8, 0, 0, 0x11, 0, 0x11], await client.ReadAsync());
        await client.SendAsync([.. Packets.Publish("a", properties: []), .. Packets.Publish("b", properties: []), .. Packets.Publish("c", properties: [])]);
        Assert.Equal("c", (await client.DeliveredAsync()).Topic);
    }
}
