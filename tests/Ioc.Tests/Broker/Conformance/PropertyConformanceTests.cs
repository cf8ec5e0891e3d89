using System.Diagnostics;
using System.Text;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class PropertyConformanceTests
{
    // [MQTT-3.1.2-26], [MQTT-3.1.2-27], [MQTT-3.3.2-11]
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public async Task The_server_sends_topics_and_never_an_alias(int maximum)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x22, 0, (byte)maximum);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("#", 0);

        for (int i = 0; i < 20; i++)
            await publisher.SendAsync(Packets.Publish("the/same/topic", $"{i}", properties: [0x23, 0, 3])); // by an alias of its own

        for (int i = 0; i < 20; i++)
        {
            Delivered delivered = await client.DeliveredAsync();
            Assert.Equal(("the/same/topic", $"{i}"), (delivered.Topic, delivered.Payload));
            Assert.Empty(delivered.Raw); // [MQTT-3.3.2-7]
        }
    }

    // [MQTT-3.1.2-28]
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task No_response_information_is_returned(byte request)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level: 5, properties: [0x19, request]));

        Assert.DoesNotContain(Steps.Properties(await client.ReadAsync()), property => property.Id == 0x1A);
    }

    // [MQTT-3.1.2-29]
    [Fact]
    public async Task Without_request_problem_information_only_publish_connack_and_disconnect_may_say_more()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", 0x17, 0);
        byte[][] wrong = [Packets.Publish("$SYS/x", qos: 1, properties: []), Packets.Publish("$SYS/x", qos: 2, properties: []), Packets.Pubrec(7), Packets.Pubrel(7), Packets.Subscribe("a/#/b", properties: [])];
        byte[][] bare = [[0x40, 3, 0, 1, 0x87], [0x50, 3, 0, 1, 0x87], [0x62, 3, 0, 7, 0x92], [0x70, 3, 0, 7, 0x92], [0x90, 4, 0, 1, 0, 0x8F]];

        for (int i = 0; i < wrong.Length; i++)
        {
            await client.SendAsync(wrong[i]);
            Assert.Equal(bare[i], await client.ReadAsync());
        }

        // What others say in a message is not withheld.
        byte[] said = [0x26, .. Packets.Text("k"), .. Packets.Text("v")];
        await client.SubscribeAsync("t", 0);
        await client.SendAsync(Packets.Publish("t", properties: said));
        Assert.Equal(said, (await client.DeliveredAsync()).Raw);
    }

    [Fact]
    public async Task A_refused_connect_is_told_why_in_words_also_without_request_problem_information_or_with()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("AllowAnonymous", "false"));
        foreach (byte[] properties in new byte[][] { [0x17, 1], [] })
        {
            await using TestClient client = await host.OpenAsync();
            await client.SendAsync(Packets.Connect("c", level: 5, properties: properties));
            byte[] connack = await client.ReadAsync();
            Assert.Equal((0x20, 0x87), (connack[0], Steps.Reason(connack)));
            Assert.True(Steps.HasReasonString(connack));
        }
    }

    // [MQTT-3.2.2-17], [MQTT-3.3.2-9]
    [Theory]
    [InlineData("5", 6)]
    [InlineData("5", 0xFFFF)]
    [InlineData("5", 0)]
    [InlineData("0", 1)]
    public async Task An_alias_beyond_what_was_told_ends_the_connection(string maximum, int alias)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("TopicAliasMaximum", maximum));
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        await client.SendAsync(Packets.Publish("t", properties: [0x23, .. Packets.Number(alias)]));

        Assert.Equal([0xE0, 1, 0x94], (await client.ReadToEndAsync()).Single());
        Assert.Empty(host.Journal.Records);
    }

    // [MQTT-3.3.2-12]
    [Fact]
    public async Task Every_alias_from_one_to_the_maximum_is_taken()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("TopicAliasMaximum", "40"));
        await using TestClient client = await host.OpenAsync();
        await client.SendAsync(Packets.Connect("c", level: 5));
        Assert.Contains(Steps.Properties(await client.ReadAsync()), property => property.Id == 0x22 && property.Value.SequenceEqual(new byte[] { 0, 40 }));
        await client.SubscribeAsync("#", 0);

        for (int alias = 1; alias <= 40; alias++)
            await client.SendAsync(Packets.Publish($"t/{alias}", "named", properties: [0x23, 0, (byte)alias]));
        for (int alias = 40; alias >= 1; alias--)
            await client.SendAsync(Packets.Publish("", "by number", properties: [0x23, 0, (byte)alias]));

        string[] topics = [.. Enumerable.Range(1, 40).Concat(Enumerable.Range(1, 40).Reverse()).Select(alias => $"t/{alias}")];
        foreach (string topic in topics)
            Assert.Equal(topic, (await client.DeliveredAsync()).Topic);
    }

    [Fact]
    public async Task An_alias_may_be_given_to_another_topic()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c");
        await client.SubscribeAsync("#", 0);
        byte[] alias = [0x23, 0, 1];

        foreach (string topic in new[] { "first", "", "second", "" })
            await client.SendAsync(Packets.Publish(topic, properties: alias));

        foreach (string topic in new[] { "first", "first", "second", "second" })
            Assert.Equal(topic, (await client.DeliveredAsync()).Topic);
    }

    [Fact]
    public async Task An_alias_nobody_set_on_this_connection_is_a_protocol_error()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient before = await host.JoinAsync("c", 0x11, 0, 0, 0, 100);
        await before.SendAsync(Packets.Publish("t", qos: 1, properties: [0x23, 0, 1]));
        await before.ReadAsync();
        before.Drop();

        await using TestClient client = await host.OpenAsync();
        await client.SendAsync([.. Packets.Connect("c", level: 5, clean: false), .. Packets.Publish("", properties: [0x23, 0, 1])]);

        Assert.Equal(1, (await client.ReadAsync())[2]);
        Assert.Equal([0xE0, 1, 0x82], (await client.ReadToEndAsync()).Single());
    }

    // [MQTT-3.3.4-6]
    [Fact]
    public async Task A_publish_with_a_subscription_identifier_is_a_protocol_error()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        await client.SendAsync(Packets.Publish("t", qos: 1, properties: [0x0B, 1]));

        Assert.Equal([0xE0, 1, 0x82], (await client.ReadToEndAsync()).Single());
        Assert.Empty(host.Journal.Records);
    }

    // [MQTT-3.3.2-5]
    [Fact]
    public async Task A_message_whose_time_has_passed_while_it_waited_is_not_delivered()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x21, 0, 1);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t");
        await publisher.PublishAsync("t", "first");
        int first = (await client.DeliveredAsync()).PacketId;

        await publisher.PublishAsync("t", "short", properties: [0x02, 0, 0, 0, 1]);
        await publisher.PublishAsync("t", "long", properties: [0x02, 0, 0, 0, 100]);
        var waited = Stopwatch.StartNew();
        await Wait.UntilAsync(() => waited.ElapsedMilliseconds > 1_100);
        await client.SendAsync(Packets.Puback(first));

        Delivered delivered = await client.DeliveredAsync();
        Assert.Equal("long", delivered.Payload);
        Assert.InRange(delivered.Properties.Single(property => property.Id == 0x02).Value[3], 90, 99); // [MQTT-3.3.2-6] less the time it waited
        Assert.Equal(1, host.Counters.DroppedByReason["expired"]);
    }

    [Fact]
    public async Task An_expired_retained_message_is_not_sent_to_a_new_subscription()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await client.PublishAsync("t/short", "x", retain: true, properties: [0x02, 0, 0, 0, 1]);
        await client.PublishAsync("t/long", "x", retain: true, properties: [0x02, 0, 0, 0, 100]);
        var waited = Stopwatch.StartNew();
        await Wait.UntilAsync(() => waited.ElapsedMilliseconds > 1_100);

        await client.SubscribeAsync("t/#");

        Assert.Equal("t/long", (await client.DeliveredAsync()).Topic);
        await client.HearsNothingAsync();
    }

    // [MQTT-3.3.2-4], [MQTT-3.3.2-15], [MQTT-3.3.2-16], [MQTT-3.3.2-17], [MQTT-3.3.2-18], [MQTT-3.3.2-20]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_publisher_says_of_its_message_comes_unchanged_and_in_order(bool retained)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        byte[] said =
        [
            0x26, .. Packets.Text("b"), .. Packets.Text("1"),
            0x01, 1,
            0x26, .. Packets.Text("a"), .. Packets.Text("nước"),
            0x03, .. Packets.Text("application/json"),
            0x26, .. Packets.Text("b"), .. Packets.Text("0"),
            0x08, .. Packets.Text("reply/to/me"),
            0x09, 0, 4, 0xFF, 0, 1, 0xFE,
            0x26, .. Packets.Text(""), .. Packets.Text(""),
        ];

        if (retained)
            await publisher.PublishAsync("t", "x", retain: true, properties: said);
        await client.SubscribeAsync("t");
        if (!retained)
            await publisher.PublishAsync("t", "x", properties: said);

        Assert.Equal(said, (await client.DeliveredAsync()).Raw);
    }

    [Fact]
    public async Task A_request_finds_its_response()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient asking = await host.JoinAsync("asking");
        await using TestClient answering = await host.JoinAsync("answering");
        await asking.SubscribeAsync("answers/asking");
        await answering.SubscribeAsync("valve/+/open");

        await asking.PublishAsync("valve/7/open", "?", properties: [0x08, .. Packets.Text("answers/asking"), 0x09, 0, 2, 0xAB, 0xCD]);
        Delivered request = await answering.DeliveredAsync();
        await answering.SendAsync(Packets.Puback(request.PacketId));
        string responseTopic = Encoding.UTF8.GetString(request.Properties.Single(property => property.Id == 0x08).Value[2..]);
        byte[] correlation = request.Properties.Single(property => property.Id == 0x09).Value;
        await answering.PublishAsync(responseTopic, "done", properties: [0x09, .. correlation]);

        Delivered response = await asking.DeliveredAsync();
        Assert.Equal(("answers/asking", "done"), (response.Topic, response.Payload));
        Assert.Equal([0x09, 0, 2, 0xAB, 0xCD], response.Raw);
    }
}
