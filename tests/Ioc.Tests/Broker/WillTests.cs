using System.Text;
using Ioc.Broker;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

public class WillTests
{
    [Fact]
    public async Task A_will_goes_out_when_the_connection_ends_badly()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.ConnectAsync(Packets.Connect("meter", level: 5, willTopic: "meter/status", willQos: 1, willRetain: true, willProperties: [0x18, 0, 0, 0, 9, 0x01, 1]));

        client.Drop();

        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
        Assert.True(PublishHeader.TryRead(host.Journal.Records[0].Header, out PublishHeader will));
        Assert.Equal(("meter/status", "meter"), (Encoding.UTF8.GetString(will.Topic), Encoding.UTF8.GetString(will.ClientId)));
        Assert.Equal((true, true, 1, 0), (will.Will, will.Retain, will.Qos, will.PacketId));
        Assert.Equal([0x01, 1], will.Properties.ToArray()); // the delay is not part of the message
        Assert.Equal("gone", Encoding.UTF8.GetString(host.Journal.Records[0].Payload));
    }

    // [MQTT-3.14.4-3]
    [Fact]
    public async Task A_client_that_says_goodbye_takes_its_will_along()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(willTopic: "w"));

        await client.SendAsync(Packets.Disconnect());

        Assert.Empty(await client.ReadToEndAsync());
        await Wait.UntilAsync(() => host.Counters.Connections == 0);
        Assert.Empty(host.Journal.Records);
    }

    [Fact]
    public async Task A_client_may_leave_and_still_want_its_will()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5, willTopic: "w"));

        await client.SendAsync(Packets.Packet(0xE0, [0x04]));

        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
    }

    // [MQTT-3.1.4-3]
    [Fact]
    public async Task A_client_that_comes_again_ends_its_older_connection_and_its_will_comes_before_anything_new()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient old = await host.ConnectAsync(Packets.Connect("meter", level: 5, willTopic: "meter/status", willPayload: "offline", willRetain: true));

        await using TestClient young = await host.OpenAsync();
        await young.SendAsync([.. Packets.Connect("meter", level: 5), .. Packets.Publish("meter/status", "online", qos: 1, retain: true, properties: [])]);
        Assert.Equal(0x20, (await young.ReadAsync())[0]);
        Assert.Equal([0x40, 2, 0, 1], await young.ReadAsync());

        Assert.Equal([0xE0, 1, 0x8E], (await old.ReadToEndAsync()).Single());
        await Wait.UntilAsync(() => host.Counters.Connections == 1);
        Assert.Equal(["offline", "online"], host.Journal.Records.Select(r => Encoding.UTF8.GetString(r.Payload)));
    }

    [Fact]
    public async Task The_younger_connection_keeps_the_client_id_when_the_older_one_has_ended()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient first = await host.ConnectAsync(Packets.Connect("meter"));
        await using TestClient second = await host.ConnectAsync(Packets.Connect("meter"));
        await first.ReadToEndAsync();

        await using TestClient third = await host.ConnectAsync(Packets.Connect("meter"));

        Assert.Empty(await second.ReadToEndAsync());
    }
}
