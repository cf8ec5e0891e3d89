using System.Text;
using Ioc.Broker.Routing;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>Last wills: when they go out, when they do not, and what of them.</summary>
public class WillConformanceTests
{
    // [MQTT-3.1.2-7], [MQTT-3.1.2-8]
    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task A_will_is_kept_and_goes_out_when_the_connection_ends_without_goodbye(byte level, int qos)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient watcher = await host.ConnectAsync(Packets.Connect("watcher", level));
        await watcher.SubscribeAsync("status/#", 2, level);
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", level, willTopic: "status/c", willPayload: "gone", willQos: qos));
        Assert.Equal([0xD0, 0], await watcher.AskAsync(Packets.Pingreq()));

        await client.DropAsync(host);

        Assert.Equal(Packets.Publish("status/c", "gone", qos, properties: Steps.Empty(level)), await watcher.ReadAsync());
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task A_client_that_falls_silent_or_breaks_the_rules_leaves_its_will()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient silent = await host.ConnectAsync(Packets.Connect("silent", keepAlive: 10, willTopic: "w", willPayload: "silent"));
        host.Pass(15.1);
        await Wait.UntilAsync(() => Sent(host) == "silent");

        await using TestClient rude = await host.ConnectAsync(Packets.Connect("rude", keepAlive: 10, willTopic: "w", willPayload: "rude"));
        await rude.SendAsync(0xF0, 0x00);
        await Wait.UntilAsync(() => Sent(host) == "silent rude");
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task A_delayed_will_waits_for_its_delay()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 10, expiry: 60));
        await client.DropAsync(host);

        host.Pass(9.9);
        Assert.Equal("", Sent(host));

        host.Pass(0.1);
        Assert.Equal("gone", Sent(host));
        Assert.Equal(1, host.Sessions());
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task A_delayed_will_does_not_wait_longer_than_its_session()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 3_600, expiry: 10));
        await client.DropAsync(host);

        host.Pass(9.9);
        Assert.Equal("", Sent(host));

        host.Pass(0.1);
        Assert.Equal("gone", Sent(host));
        Assert.Equal(0, host.Sessions());
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task A_delay_is_nothing_to_a_session_that_ends_with_its_connection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 3_600, expiry: 0));

        await client.DropAsync(host);

        Assert.Equal("gone", Sent(host));
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task A_client_that_leaves_with_its_will_and_ends_its_session_has_the_will_sent_at_once()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 3_600, expiry: 3_600));

        await client.LeaveAsync(host, Packets.Packet(0xE0, [0x04, .. Packets.Sized(PropertyBytes.SessionExpiry(0))]));

        Assert.Equal("gone", Sent(host));
        Assert.Equal(0, host.Sessions());
    }

    // [MQTT-3.1.2-8]
    [Fact]
    public async Task Beginning_anew_ends_the_old_session_so_its_will_goes_out()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 3_600, expiry: 3_600));
        await client.DropAsync(host);
        Assert.Equal("", Sent(host));

        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", 5), present: false);

        Assert.Equal("gone", Sent(host));
    }

    // [MQTT-3.1.2-10]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_normal_goodbye_removes_the_will_for_good(byte level)
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", level, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(60), willTopic: "w"));
        await client.LeaveAsync(host);

        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", level, clean: false, keepAlive: 0), present: true);
        await again.DropAsync(host);
        host.Pass(3_600);

        Assert.Equal("", Sent(host));
    }

    // [MQTT-3.1.2-10]
    [Fact]
    public async Task A_will_that_went_out_does_not_go_out_again()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 10, expiry: 60));
        await client.DropAsync(host);
        host.Pass(10);
        Assert.Equal("gone", Sent(host));

        host.Pass(10);
        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0), present: true);
        await again.DropAsync(host);
        host.Pass(60);

        Assert.Equal("gone", Sent(host));
    }

    // [MQTT-3.1.2-12] (3.1.1)
    [Fact]
    public async Task Without_a_will_nothing_is_published_when_the_connection_ends()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c"));

        await client.DropAsync(host);

        Assert.Empty(host.Journal.Records);
    }

    // [MQTT-3.1.2-14], [MQTT-3.1.2-15]
    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    public async Task A_will_is_retained_if_it_says_so_and_not_otherwise(byte level, bool retain)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", level, willTopic: "w", willRetain: retain));
        await client.DropAsync(host);
        Assert.Equal(retain ? 1 : 0, host.Service<RetainedStore>().Count);

        await using TestClient late = await host.ConnectAsync(Packets.Connect("late", level));
        await late.SubscribeAsync("w", 1, level);
        await host.PublishAsync("w", "live", qos: 0);

        if (retain)
            Assert.Equal(Packets.Publish("w", "gone", retain: true, properties: Steps.Empty(level)), await late.ReadAsync());
        Assert.Equal(Packets.Publish("w", "live", properties: Steps.Empty(level)), await late.ReadAsync());
    }

    // [MQTT-3.1.3-9]
    [Fact]
    public async Task A_client_that_is_back_within_the_delay_keeps_its_will_from_going_out()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 10, expiry: 60));
        await client.DropAsync(host);
        host.Pass(9.9);

        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(60)), present: true);
        host.Pass(60);
        await again.DropAsync(host);
        host.Pass(59);

        Assert.Equal("", Sent(host));
    }

    // [MQTT-3.1.3-9]
    [Fact]
    public async Task A_client_that_displaces_its_own_connection_keeps_a_delayed_will_from_going_out()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Delayed(delay: 10, expiry: 60));

        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(60)), present: true);
        host.Pass(60);

        Assert.Equal("", Sent(host));
    }

    // [MQTT-3.1.3-10]
    [Fact]
    public async Task User_properties_of_a_will_come_in_their_order()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient watcher = await host.ConnectAsync(Packets.Connect("watcher", 5));
        await watcher.SubscribeAsync("w", 0, 5);
        byte[] user = [.. PropertyBytes.User("b", "1"), .. PropertyBytes.User("a", "2"), .. PropertyBytes.User("b", "0")];
        byte[] mixed = [.. PropertyBytes.User("b", "1"), .. PropertyBytes.WillDelay(5), .. PropertyBytes.User("a", "2"), .. PropertyBytes.User("b", "0")];
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", 5, willTopic: "w", willProperties: mixed));

        await client.DropAsync(host);

        Assert.Equal(Packets.Publish("w", "gone", properties: user), await watcher.ReadAsync());
    }

    // [MQTT-3.8.3-3]
    [Fact]
    public async Task A_clients_own_will_is_spared_it_by_no_local()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(60), willTopic: "w", willQos: 1));
        await client.SubscribeAsync("w", 0x05, 5);
        await client.DropAsync(host);
        Assert.Equal("gone", Sent(host));

        await using TestClient again = await host.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0), present: true);
        await host.PublishAsync("w", "live", qos: 0);
        Assert.Equal(Packets.Publish("w", "live", properties: []), await again.ReadAsync());
    }

    // [MQTT-3.1.2-8], [MQTT-3.1.2-10]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delayed_will_goes_out_in_its_time_and_once_over_restarts(bool snapshot)
    {
        var time = new FakeTime();
        await using BrokerHost first = await BrokerHost.StartAsync(time);
        await using TestClient client = await first.ConnectAsync(Delayed(delay: 10, expiry: 60));
        await client.DropAsync(first);

        await using BrokerHost second = await first.RestartAsync(snapshot ? first.TakeSnapshot() : null);
        second.Pass(9.9);
        Assert.Equal("", Sent(second));
        BrokerSnapshot before = second.TakeSnapshot();
        second.Pass(0.1);
        Assert.Equal("gone", Sent(second));

        await using BrokerHost third = await second.RestartAsync(snapshot ? before : null);
        third.Pass(30);
        Assert.Equal("gone", Sent(third));
    }

    // [MQTT-3.1.3-9]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_back_after_a_restart_but_within_the_delay_keeps_its_will_from_going_out(bool snapshot)
    {
        var time = new FakeTime();
        await using BrokerHost first = await BrokerHost.StartAsync(time);
        await using TestClient client = await first.ConnectAsync(Delayed(delay: 10, expiry: 60));
        await client.DropAsync(first);
        BrokerSnapshot away = first.TakeSnapshot();
        await using BrokerHost second = await first.RestartAsync(snapshot ? away : null);

        await using TestClient again = await second.ConnectAsync(Packets.Connect("c", 5, clean: false, keepAlive: 0, properties: PropertyBytes.SessionExpiry(60)), present: true);
        await using BrokerHost third = await second.RestartAsync(snapshot ? away : null);
        third.Pass(30);

        Assert.Equal("", Sent(third));
    }

    private static byte[] Delayed(uint delay, uint expiry) =>
        Packets.Connect("c", 5, keepAlive: 0, properties: PropertyBytes.SessionExpiry(expiry), willTopic: "w", willProperties: PropertyBytes.WillDelay(delay));

    private static string Sent(BrokerHost host) => string.Join(' ', host.Journal.Records.Select(record => Encoding.UTF8.GetString(record.Payload)));
}
