using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class ConnackConformanceTests
{
    private static readonly byte[] Lasting = [0x11, 0, 0, 0, 100];

    // [MQTT-3.2.0-1]
    [Fact]
    public async Task Connack_comes_before_what_has_waited_for_the_client()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.JoinAsync("s", Lasting);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t");
        client.Drop();
        for (int number = 0; number < 10; number++)
            await publisher.PublishAsync("t", $"{number}");

        await using TestClient again = await host.OpenAsync();
        await again.SendAsync([.. Packets.Connect("s", level: 5, clean: false), .. Packets.Pingreq(), .. Packets.Publish("x", qos: 1, properties: [])]);

        byte[] connack = await again.ReadAsync();
        Assert.Equal((0x20, 1, 0), (connack[0], connack[2], connack[3]));
    }

    // [MQTT-3.2.0-1], [MQTT-3.14.0-1]
    [Fact]
    public async Task A_client_whose_connack_still_waits_for_the_disk_is_told_nothing_else()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();
        host.Journal.Hold();

        await client.SendAsync([.. Packets.Connect("s", level: 5, properties: Lasting), .. Packets.Connect("s", level: 5)]);

        Assert.Empty(await client.ReadToEndAsync());
    }

    // [MQTT-3.2.0-2]
    [Fact]
    public async Task A_connection_has_one_connack()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c");

        await client.SendAsync(Packets.Connect("c", level: 5));

        Assert.Equal([0xE0], (await client.ReadToEndAsync()).Select(packet => (int)packet[0]));
    }

    // [MQTT-3.2.2-2], [MQTT-3.2.2-3], and [MQTT-3.2.2-3] (3.1.1)
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Connack_tells_whether_there_was_a_session(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();

        Assert.Equal(0, await PresentAsync(host, level, clean: false)); // none yet
        Assert.Equal(1, await PresentAsync(host, level, clean: false));
        Assert.Equal(0, await PresentAsync(host, level, clean: true));
        if (level == 4)
            Assert.Equal(0, await PresentAsync(host, level, clean: false)); // Clean Session 1 left none
    }

    // [MQTT-3.2.2-7]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task After_a_refusal_the_connection_ends(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("AllowAnonymous", "false"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level));

        byte[] connack = (await client.ReadToEndAsync()).Single();
        Assert.Equal([0x20, 0], [connack[0], connack[2]]);
        await Wait.UntilAsync(() => host.Counters.Connections == 0);
    }

    // [MQTT-3.2.2-19]
    [Theory]
    [InlineData(10, false)]
    [InlineData(30, false)]
    [InlineData(255, false)]
    [InlineData(256, true)]
    public async Task A_refusal_says_why_in_words_only_if_the_client_can_take_them(int most, bool words)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("AllowAnonymous", "false"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("c", level: 5, properties: [0x27, 0, 0, .. Packets.Number(most)]));

        byte[] connack = (await client.ReadToEndAsync()).Single();
        Assert.Equal(most < 24 ? 0x95 : 0x87, Steps.Reason(connack));
        Assert.InRange(connack.Length, 5, most);
        Assert.Equal(words, Steps.HasReasonString(connack));
    }

    private static async Task<int> PresentAsync(BrokerHost host, byte level, bool clean)
    {
        await using TestClient client = await host.OpenAsync();
        await client.SendAsync(Packets.Connect("c", level, clean, properties: Lasting));
        int present = (await client.ReadAsync())[2];
        await client.SendAsync(Packets.Disconnect());
        Assert.Empty(await client.ReadToEndAsync());
        return present;
    }
}
