using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class TransportConformanceTests
{
    // [MQTT-4.2.0-1]
    [Fact]
    public async Task Over_tcp_bytes_come_in_order_and_none_is_lost_both_ways()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s");
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t", 0);
        string[] payloads = [.. Enumerable.Range(0, 500).Select(number => $"{number}:" + new string((char)('a' + (number % 26)), number * 37 % 9_000))];

        Task publishing = publisher.SendAsync([.. payloads.SelectMany(payload => Packets.Publish("t", payload, properties: []))]);

        foreach (string payload in payloads)
            Assert.Equal(payload, (await client.DeliveredAsync()).Payload);
        await publishing;
    }
}
