using System.Diagnostics;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class KeepAliveConformanceTests
{
    // [MQTT-3.2.2-22]
    [Theory]
    [InlineData("0", 1, null)]
    [InlineData("60", 1, null)]
    [InlineData("1", 60, 1)]
    [InlineData("1", 0, 1)]
    public async Task Without_a_keep_alive_of_the_servers_the_clients_own_counts(string servers, int clients, int? told)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ServerKeepAlive", servers));
        await using TestClient client = await host.OpenAsync();
        await client.SendAsync(Packets.Connect("c", level: 5, keepAlive: clients));
        (int Id, byte[] Value)[] keepAlive = [.. Steps.Properties(await client.ReadAsync()).Where(property => property.Id == 0x13)];
        Assert.Equal(told is { } seconds ? [seconds] : Array.Empty<int>(), keepAlive.Select(property => (property.Value[0] << 8) | property.Value[1]));
        var silence = Stopwatch.StartNew();

        Assert.Equal([0xE0, 1, 0x8D], (await client.ReadToEndAsync()).Single());

        Assert.InRange(silence.Elapsed.TotalSeconds, 1.4, 60);
    }

    // [MQTT-3.12.4-1]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_ping_is_answered(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: level));

        await client.SendAsync([.. Packets.Pingreq(), .. Packets.Pingreq()]);

        Assert.Equal([0xD0, 0], await client.ReadAsync());
        Assert.Equal([0xD0, 0], await client.ReadAsync());
    }
}
