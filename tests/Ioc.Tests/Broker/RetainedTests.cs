using System.Buffers;
using System.Text;
using Ioc.Broker;
using Ioc.Broker.Routing;
using Ioc.Mqtt;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

public class RetainedTests
{
    // [MQTT-3.3.1-5], [MQTT-3.3.1-8]
    [Fact]
    public async Task The_last_retained_message_comes_to_a_later_subscriber_marked_as_retained()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        await publisher.SendAsync([.. Packets.Publish("a/b", "old", qos: 1, packetId: 1, retain: true), .. Packets.Publish("a/b", "new", qos: 1, packetId: 2, retain: true)]);
        await publisher.ReadAsync();
        await publisher.ReadAsync();

        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s"));
        await subscriber.SendAsync(Packets.Subscribe("a/#", 1));

        Assert.Equal(0x90, (await subscriber.ReadAsync())[0]);
        Assert.Equal(Packets.Publish("a/b", "new", qos: 1, packetId: 1, retain: true), await subscriber.ReadAsync());
    }

    // [MQTT-3.3.1-12] a subscriber that was there already sees the flag cleared, unless it asked to see it.
    [Theory]
    [InlineData(0x01, false)]
    [InlineData(0x09, true)]
    public async Task To_a_subscriber_that_is_there_a_retained_message_is_an_ordinary_one(int options, bool flag)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await client.SendAsync(Packets.Subscribe("a", options, properties: []));
        await client.ReadAsync();

        await client.SendAsync(Packets.Publish("a", "x", retain: true, properties: []));

        Assert.Equal(Packets.Publish("a", "x", retain: flag, properties: []), await client.ReadAsync());
    }

    // [MQTT-3.3.1-6], [MQTT-3.3.1-7]
    [Fact]
    public async Task An_empty_retained_message_clears_the_topic_and_is_delivered_all_the_same()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync([.. Packets.Publish("a", "x", retain: true), .. Packets.Subscribe("a", 0)]);
        await client.ReadAsync();
        await client.ReadAsync();
        Assert.Equal(1, host.Service<RetainedStore>().Count);

        await client.SendAsync(Packets.Publish("a", "", retain: true));

        Assert.Equal(Packets.Publish("a", ""), await client.ReadAsync());
        Assert.Equal((0, 0L), (host.Service<RetainedStore>().Count, host.Service<RetainedStore>().Bytes));
    }

    // [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]
    [Theory]
    [InlineData(0x00, 2)]
    [InlineData(0x10, 1)]
    [InlineData(0x20, 0)]
    public async Task Retain_handling_says_how_often_retained_messages_come(int options, int times)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await client.SendAsync(Packets.Publish("a", "x", retain: true, properties: []));

        await client.SendAsync([.. Packets.Subscribe("a", options, 1, []), .. Packets.Subscribe("a", options, 2, []), .. Packets.Publish("a", "live", properties: [])]);

        int retained = 0;
        for (byte[] packet = await client.ReadAsync(); packet[0] != 0x30; packet = await client.ReadAsync())
            retained += packet[0] == 0x31 ? 1 : 0;
        Assert.Equal(times, retained);
    }

    [Fact]
    public async Task Thousands_of_retained_messages_all_reach_a_subscriber_with_a_small_queue()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxOutgoingQueue", "10"), ("MaxInflight", "5"));
        RetainedStore store = host.Service<RetainedStore>();
        for (int i = 0; i < 3_000; i++)
            Retain(store, $"a/{i}", "x");

        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync(Packets.Subscribe("#", 0));
        await client.ReadAsync();

        var topics = new HashSet<string>();
        for (int i = 0; i < 3_000; i++)
            topics.Add(Encoding.UTF8.GetString((await client.ReadAsync())[4..^1]));
        Assert.Equal(3_000, topics.Count);
    }

    [Fact]
    public async Task The_store_is_bounded_by_count_and_bytes_and_counts_what_it_lets_go()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxRetainedMessages", "2"), ("MaxRetainedBytes", "2000"));
        RetainedStore store = host.Service<RetainedStore>();

        Retain(store, "a", "1");
        Retain(store, "a", "2");
        Retain(store, "b", new string('x', 5_000));
        Assert.Equal(1, store.Count);

        Retain(store, "b", "1");
        Retain(store, "c", "1");
        Assert.Equal(2, store.Count);
        Assert.InRange(store.Bytes, 1, 2_000);
        Assert.Equal(2, host.Counters.DroppedByReason["retainedStoreFull"]);
    }

    [Fact]
    public async Task After_a_restart_the_journal_brings_retained_messages_back()
    {
        await using BrokerHost before = await BrokerHost.StartAsync();
        await using TestClient publisher = await before.ConnectAsync(Packets.Connect("p"));
        await publisher.SendAsync([.. Packets.Publish("a", "kept", retain: true), .. Packets.Publish("b", "passing"), .. Packets.Publish("c", "cleared", retain: true), .. Packets.Publish("c", "", retain: true)]);
        await Wait.UntilAsync(() => before.Journal.Records.Count == 4);

        await using BrokerHost after = await BrokerHost.StartAsync();
        foreach ((byte[] header, byte[] payload) in before.Journal.Records)
            after.Service<BrokerRecovery>().ReplayPublish(-1, 0, header, payload);
        after.Service<BrokerRecovery>().Complete();

        await using TestClient client = await after.ConnectAsync(Packets.Connect());
        await client.SendAsync([.. Packets.Subscribe("#", 0), .. Packets.Pingreq()]);
        var got = new List<byte[]> { await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync() };
        Assert.Contains(got, p => p.SequenceEqual(Packets.Publish("a", "kept", retain: true)));
        Assert.Equal(1, after.Service<RetainedStore>().Count);
    }

    private static void Retain(RetainedStore store, string topic, string payload)
    {
        var header = new PublishHeader { Topic = Encoding.UTF8.GetBytes(topic), Retain = true, Version = ProtocolVersion.V311 };
        var bytes = new byte[header.EncodedBytes];
        header.Write(bytes);
        store.Set(header, bytes, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), position: -1, receivedAtMs: 0);
    }
}
