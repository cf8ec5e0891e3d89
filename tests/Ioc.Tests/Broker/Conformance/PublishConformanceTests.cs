using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class PublishConformanceTests
{
    // [MQTT-3.3.1-6] (3.1.1), [MQTT-3.3.1-7] (3.1.1), [MQTT-3.3.1-8] (3.1.1)
    [Fact]
    public async Task A_new_subscription_gets_the_last_retained_message_of_each_topic_marked_as_such()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync([.. Packets.Publish("a/1", "old", qos: 1, packetId: 1, retain: true), .. Packets.Publish("a/1", "last", qos: 0, retain: true), .. Packets.Publish("a/2", "only", retain: true), .. Packets.Publish("b", "other", retain: true)]);
        Assert.Equal(Packets.Puback(1), await client.ReadAsync());

        await client.SendAsync(Packets.Subscribe("a/#", 1));

        Assert.Equal([0x90, 3, 0, 1, 1], await client.ReadAsync());
        List<byte[]> got = [await client.ReadAsync(), await client.ReadAsync()];
        Assert.Contains(got, packet => packet.SequenceEqual(Packets.Publish("a/1", "last", retain: true)));
        Assert.Contains(got, packet => packet.SequenceEqual(Packets.Publish("a/2", "only", retain: true)));
        await client.HearsNothingAsync();
    }

    // [MQTT-3.3.1-9] (3.1.1)
    [Fact]
    public async Task To_an_old_client_that_is_subscribed_already_no_message_is_marked_as_retained()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync(Packets.Subscribe("t", 0));
        await client.ReadAsync();

        await client.SendAsync(Packets.Publish("t", "x", retain: true));

        Assert.Equal(Packets.Publish("t", "x"), await client.ReadAsync());
    }

    // [MQTT-3.3.1-13]
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscription_that_asks_for_it_sees_retain_as_it_was_published(bool retain)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.SubscribeAsync("t", 0x08);

        await client.SendAsync(Packets.Publish("t", "x", retain: retain, properties: []));

        Assert.Equal(retain, (await client.DeliveredAsync()).Retain);
    }

    // [MQTT-3.3.2-3], [MQTT-4.7.2-1]
    [Theory]
    [InlineData("#", "a a/b / a/ /b a/b/c A/b")]
    [InlineData("+", "a")]
    [InlineData("+/+", "a/b / a/ /b A/b")]
    [InlineData("a/+", "a/b a/")]
    [InlineData("a/#", "a a/b a/ a/b/c")]
    [InlineData("+/b", "a/b /b A/b")]
    [InlineData("/+", "/ /b")]
    [InlineData("a/b", "a/b")]
    [InlineData("$other/#", "$other $other/b")]
    [InlineData("$other/+", "$other/b")]
    public async Task A_delivery_has_a_topic_that_matches_the_filter_and_no_wildcard_in_front_reaches_system_topics(string filter, string matching)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.SubscribeAsync(filter, 0);

        await client.SubscribeAsync("$end", 0);
        await using TestClient publisher = await host.JoinAsync("p");

        foreach (string topic in "a a/b / a/ /b a/b/c $other $other/b A/b $end".Split(' '))
            await publisher.SendAsync(Packets.Publish(topic, properties: []));

        var got = new List<string>();
        for (Delivered delivered = await client.DeliveredAsync(); delivered.Topic != "$end"; delivered = await client.DeliveredAsync())
            got.Add(delivered.Topic);
        Assert.Equal(matching.Split(' '), got);
    }

    // [MQTT-3.3.5-2] (3.1.1) the server's own topics are nobody's to write.
    [Fact]
    public async Task A_publish_that_is_not_authorised_is_acknowledged_to_an_old_client_and_goes_nowhere()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SendAsync(Packets.Subscribe("$SYS/#"));
        await client.ReadAsync();

        await client.SendAsync([.. Packets.Publish("$SYS/x", qos: 0), .. Packets.Publish("$SYS/x", qos: 1, packetId: 1), .. Packets.Publish("$SYS/x", qos: 2, packetId: 2)]);

        Assert.Equal(Packets.Puback(1), await client.ReadAsync());
        Assert.Equal(Packets.Pubrec(2), await client.ReadAsync());
        await client.SendAsync(Packets.Pubrel(2));
        Assert.Equal(Packets.Pubcomp(2), await client.ReadAsync());
        await client.HearsNothingAsync();
        Assert.Empty(host.Journal.Records);
        Assert.Equal(3, host.Counters.RefusedByReason["systemTopic"]);
    }
}
