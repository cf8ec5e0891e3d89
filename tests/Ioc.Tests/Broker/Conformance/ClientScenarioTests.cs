using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>What public interoperability suites put a broker through, one scenario each.</summary>
public class ClientScenarioTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_client_gets_what_it_publishes_at_every_qos_and_connects_only_once(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", level), present: false);
        await client.SubscribeAsync("+/#", 2, level);
        await client.SendAsync(Packets.Publish("Topic/C", "qos 0", 0, properties: Steps.Empty(level)));
        Assert.Equal(Packets.Publish("Topic/C", "qos 0", 0, properties: Steps.Empty(level)), await client.ReadAsync());

        await client.SendAsync(Packets.Publish("Topic/C", "qos 1", 1, 5, properties: Steps.Empty(level)));
        await ExpectAsync(client, Packets.Puback(5), Packets.Publish("Topic/C", "qos 1", 1, 1, properties: Steps.Empty(level)));
        await client.SendAsync([.. Packets.Puback(1), .. Packets.Publish("Topic/C", "qos 2", 2, 5, properties: Steps.Empty(level))]);
        await ExpectAsync(client, Packets.Pubrec(5), Packets.Publish("Topic/C", "qos 2", 2, 2, properties: Steps.Empty(level)));
        await client.SendAsync([.. Packets.Pubrel(5), .. Packets.Pubrec(2)]);
        await ExpectAsync(client, Packets.Pubcomp(5), Packets.Pubrel(2));
        await client.SendAsync(Packets.Pubcomp(2));
        await client.LeaveAsync(host);

        // A second CONNECT is an end.
        await using TestClient twice = await host.ConnectAsync(Packets.Connect("a", level));
        await twice.SendAsync(Packets.Connect("a", level));
        Assert.InRange((await twice.ReadToEndAsync()).Count, 0, level == 5 ? 1 : 0);
    }

    [Fact]
    public async Task Retained_messages_come_with_their_user_properties_and_go_when_emptied()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        byte[] user = [.. PropertyBytes.User("a", "2"), .. PropertyBytes.User("c", "3")];
        foreach (int qos in new[] { 0, 1, 2 })
            await host.PublishAsync($"r/{qos}", $"{qos}", qos, retain: true, properties: user);
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", 5));
        await client.SubscribeAsync("r/+", 2, 5);

        var seen = new HashSet<byte>();
        for (int i = 0; i < 3; i++)
        {
            byte[] delivery = await client.ReadAsync();
            int qos = delivery[^1] - '0';
            Assert.Equal(Packets.Publish($"r/{qos}", $"{qos}", qos, qos == 0 ? 0 : (delivery[7] << 8) | delivery[8], retain: true, properties: user), delivery);
            Assert.True(seen.Add(delivery[^1]));
        }

        foreach (int qos in new[] { 0, 1, 2 })
            await host.PublishAsync($"r/{qos}", "", qos, retain: true);
        await using TestClient late = await host.ConnectAsync(Packets.Connect("late", 5));
        await late.SubscribeAsync("r/+", 2, 5);
        await host.PublishAsync("r/0", "live", qos: 0);
        Assert.Equal(Packets.Publish("r/0", "live", properties: []), await late.ReadAsync());
    }

    [Fact]
    public async Task An_empty_client_id_is_let_in_where_the_version_allows()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient refused = await host.OpenAsync();
        Assert.Equal([0x20, 2, 0, 2], await refused.AskAsync(Packets.Connect("", 4, clean: false)));
        Assert.Empty(await refused.ReadToEndAsync());

        await using TestClient old = await host.ConnectAsync(Packets.Connect("", 4), present: false);
        await using TestClient second = await host.ConnectAsync(Packets.Connect("", 4), present: false);
        Assert.Equal([0xD0, 0], await old.AskAsync(Packets.Pingreq()));

        await using TestClient young = await host.OpenAsync();
        byte[] connack = await young.AskAsync(Packets.Connect("", 5, clean: false, properties: PropertyBytes.SessionExpiry(60)));
        int at = connack.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x12, 0]);
        string assigned = System.Text.Encoding.UTF8.GetString(connack.AsSpan(at + 3, connack[at + 2]));
        await young.LeaveAsync(host);
        await using TestClient again = await host.ConnectAsync(Packets.Connect(assigned, 5, clean: false), present: true);
    }

    // [MQTT-3.1.2-5] (3.1.1)
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Offline_messages_are_all_there_on_return_and_only_once(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("a", level), present: false);
        await client.SubscribeAsync("#", 2, level);
        await client.LeaveAsync(host);
        foreach (int qos in new[] { 1, 2 })
            await host.PublishAsync($"TopicA/{qos}", "missed", qos);

        await using TestClient back = await host.ConnectAsync(Steps.Lasting("a", level), present: true);
        Assert.Equal(Packets.Publish("TopicA/1", "missed", 1, 1, properties: Steps.Empty(level)), await back.ReadAsync());
        Assert.Equal(Packets.Publish("TopicA/2", "missed", 2, 2, properties: Steps.Empty(level)), await back.ReadAsync());
        Assert.Equal(Packets.Pubrel(2), await back.AskAsync([.. Packets.Puback(1), .. Packets.Pubrec(2)]));
        await back.SendAsync(Packets.Pubcomp(2));
        await back.LeaveAsync(host);

        await using TestClient once = await host.ConnectAsync(Steps.Lasting("a", level), present: true);
        await host.PublishAsync("TopicA", "live", qos: 0);
        Assert.Equal(Packets.Publish("TopicA", "live", properties: Steps.Empty(level)), await once.ReadAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Overlapping_subscriptions_bring_a_message_once_at_the_highest_qos(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", level));
        await client.SubscribeAsync("TopicA/#", 2, level);
        await client.SubscribeAsync("TopicA/+", 1, level);
        await client.SubscribeAsync("#", 0, level);

        await host.PublishAsync("TopicA/C", "overlapping", qos: 2);
        await host.PublishAsync("other", "next", qos: 0);

        Assert.Equal(Packets.Publish("TopicA/C", "overlapping", 2, 1, properties: Steps.Empty(level)), await client.ReadAsync());
        Assert.Equal(Packets.Publish("other", "next", properties: Steps.Empty(level)), await client.ReadAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_client_that_falls_silent_is_cut_off_after_one_and_a_half_keep_alives(byte level)
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient watcher = await host.ConnectAsync(Packets.Connect("w", level, keepAlive: 0));
        await watcher.SubscribeAsync("TopicA", 1, level);
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", level, keepAlive: 10, willTopic: "TopicA", willPayload: "silent"));

        time.Advance(14);
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
        time.Advance(14.9);
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
        time.Advance(15.1);

        Assert.Equal(Packets.Publish("TopicA", "silent", properties: Steps.Empty(level)), await watcher.ReadAsync());
        Assert.Equal(level == 5 ? [[0xE0, 1, 0x8D]] : [], await client.ReadToEndAsync());
    }

    // [MQTT-4.4.0-1]
    [Fact]
    public async Task A_client_that_stops_answering_gets_everything_again_when_it_is_back()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient mute = await host.ConnectAsync(Packets.Connect("a", 4, clean: false, keepAlive: 10), present: false);
        await mute.SubscribeAsync("#", 2, 4);
        await host.PublishAsync("TopicA", "1", qos: 1);
        await host.PublishAsync("TopicA", "2", qos: 2);
        Assert.Equal(Packets.Publish("TopicA", "1", 1, 1), await mute.ReadAsync());
        Assert.Equal(Packets.Publish("TopicA", "2", 2, 2), await mute.ReadAsync());

        time.Advance(15.1);
        Assert.Empty(await mute.ReadToEndAsync());
        await Wait.UntilAsync(() => host.Counters.Connections == 0);
        await host.PublishAsync("TopicA", "3", qos: 2);

        await using TestClient back = await host.ConnectAsync(Packets.Connect("a", 4, clean: false, keepAlive: 10), present: true);
        Assert.Equal(Packets.Publish("TopicA", "1", 1, 1, dup: true), await back.ReadAsync());
        Assert.Equal(Packets.Publish("TopicA", "2", 2, 2, dup: true), await back.ReadAsync());
        Assert.Equal(Packets.Publish("TopicA", "3", 2, 3), await back.ReadAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_filter_the_operator_refuses_is_answered_with_failure_and_the_others_are_granted(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("RefusedFilters:0", "test/nosubscribe"));
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", level));

        byte[] suback = await client.AskAsync(Packets.Packet(0x82, [0, 2, .. level == 5 ? new byte[] { 0 } : [], .. Packets.Text("test/nosubscribe"), 2, .. Packets.Text("test/other"), 2]));
        Assert.Equal([0x80, 2], suback[^2..]);

        await host.PublishAsync("test/nosubscribe", "no", qos: 2);
        await host.PublishAsync("test/other", "yes", qos: 0);
        Assert.Equal(Packets.Publish("test/other", "yes", properties: Steps.Empty(level)), await client.ReadAsync());
    }

    // [MQTT-4.7.2-1]
    [Fact]
    public async Task Wildcards_in_front_do_not_reach_topics_that_begin_with_a_dollar_retained_or_live()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await host.PublishAsync("$TopicA", "retained", retain: true);
        await using TestClient wide = await host.ConnectAsync(Packets.Connect("wide", 5));
        await using TestClient exact = await host.ConnectAsync(Packets.Connect("exact", 5));
        await wide.SubscribeAsync("#", 2, 5);
        await wide.SubscribeAsync("+", 2, 5);
        await exact.SubscribeAsync("$TopicA/#", 0, 5);
        Assert.Equal(Packets.Publish("$TopicA", "retained", retain: true, properties: []), await exact.ReadAsync());

        await host.PublishAsync("$TopicA", "live", qos: 0);
        await host.PublishAsync("plain", "x", qos: 0);

        Assert.Equal(Packets.Publish("$TopicA", "live", properties: []), await exact.ReadAsync());
        Assert.Equal(Packets.Publish("plain", "x", properties: []), await wide.ReadAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Unsubscribing_ends_one_subscription_and_leaves_the_others(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", level));
        foreach (string filter in new[] { "TopicA", "TopicA/B", "Topic/C" })
            await client.SubscribeAsync(filter, 2, level);
        byte[] unsuback = await client.AskAsync(Packets.Unsubscribe("TopicA", 4, Steps.Empty(level)));
        Assert.Equal([0xB0, 0, 4], [unsuback[0], unsuback[2], unsuback[3]]);

        await host.PublishAsync("TopicA", "no", qos: 1);
        await host.PublishAsync("TopicA/B", "yes", qos: 0);
        await host.PublishAsync("Topic/C", "yes", qos: 0);

        Assert.Equal(Packets.Publish("TopicA/B", "yes", properties: Steps.Empty(level)), await client.ReadAsync());
        Assert.Equal(Packets.Publish("Topic/C", "yes", properties: Steps.Empty(level)), await client.ReadAsync());
    }

    // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
    [Theory]
    [InlineData(0, false)]
    [InlineData(8, true)]
    public async Task Retain_as_published_keeps_the_flag_of_live_messages(int options, bool kept)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", 5));
        await client.SubscribeAsync("t", options, 5);

        await host.PublishAsync("t", "retained", qos: 0, retain: true);
        await host.PublishAsync("t", "plain", qos: 0);

        Assert.Equal(Packets.Publish("t", "retained", retain: kept, properties: []), await client.ReadAsync());
        Assert.Equal(Packets.Publish("t", "plain", retain: false, properties: []), await client.ReadAsync());
    }

    // [MQTT-3.3.2-6]
    [Fact]
    public async Task A_retained_message_says_how_long_it_has_and_goes_when_that_is_over()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await host.PublishAsync("t", "brief", retain: true, properties: PropertyBytes.MessageExpiry(10));

        time.Advance(4);
        await using TestClient early = await host.ConnectAsync(Packets.Connect("early", 5, keepAlive: 0));
        await early.SubscribeAsync("t", 0, 5);
        Assert.Equal(Packets.Publish("t", "brief", retain: true, properties: PropertyBytes.MessageExpiry(6)), await early.ReadAsync());

        time.Advance(6);
        await using TestClient late = await host.ConnectAsync(Packets.Connect("late", 5, keepAlive: 0));
        await late.SubscribeAsync("t", 0, 5);
        await host.PublishAsync("t", "live", qos: 0);
        Assert.Equal(Packets.Publish("t", "live", properties: []), await late.ReadAsync());
    }

    // [MQTT-3.2.2-21]
    [Theory]
    [InlineData(5, 0, true)]
    [InlineData(5, 120, true)]
    [InlineData(5, 60, false)]
    [InlineData(5, 10, false)]
    [InlineData(4, 0, false)]
    public async Task A_server_keep_alive_is_told_to_who_asks_for_more(byte level, int asked, bool told)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ServerKeepAlive", "60"));
        await using TestClient client = await host.OpenAsync();

        byte[] connack = await client.AskAsync(Packets.Connect("a", level, keepAlive: asked));

        Assert.Equal(0, connack[3]);
        Assert.Equal(told, connack.AsSpan(4).IndexOf((ReadOnlySpan<byte>)[0x13, 0, 60]) >= 0);
    }

    [Fact]
    public async Task A_server_keep_alive_counts_from_then_on()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time, ("ServerKeepAlive", "60"));
        await using TestClient young = await host.ConnectAsync(Packets.Connect("young", 5, keepAlive: 0));
        await using TestClient old = await host.ConnectAsync(Packets.Connect("old", 4, keepAlive: 0));

        time.Advance(90.1);

        Assert.Equal([0xE0, 1, 0x8D], (await young.ReadToEndAsync()).Single());
        Assert.Equal([0xD0, 0], await old.AskAsync(Packets.Pingreq()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_receiver_never_has_more_open_than_it_said(int qos)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("a", 5, properties: PropertyBytes.ReceiveMaximum(2)));
        await client.SubscribeAsync("t", 2, 5);
        for (int i = 1; i <= 4; i++)
            await host.PublishAsync("t", $"{i}", qos);
        Assert.Equal(Packets.Publish("t", "1", qos, 1, properties: []), await client.ReadAsync());
        Assert.Equal(Packets.Publish("t", "2", qos, 2, properties: []), await client.ReadAsync());

        // Answers go on; the third message waits for the end of an exchange, which PUBREC is not.
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
        if (qos == 2)
            Assert.Equal(Packets.Pubrel(2), await client.AskAsync(Packets.Pubrec(2)));
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
        await client.SendAsync(qos == 1 ? Packets.Puback(2) : Packets.Pubcomp(2));
        Assert.Equal(Packets.Publish("t", "3", qos, 3, properties: []), await client.ReadAsync());
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
    }

    private static async Task ExpectAsync(TestClient client, params byte[][] packets)
    {
        byte[][] got = [await client.ReadAsync(), await client.ReadAsync()];
        Assert.All(packets, packet => Assert.Contains(packet, got));
    }
}
