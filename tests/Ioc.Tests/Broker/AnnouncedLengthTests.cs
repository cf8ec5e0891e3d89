using Ioc.Tests.Server;
using Xunit;

namespace Ioc.Tests.Broker;

/// <summary>What a client announces costs nothing; what the process allocates is counted, so no other test may run meanwhile.</summary>
[Collection(StoppedStoreTests.Alone)]
public class AnnouncedLengthTests
{
    private const int Connections = 40;

    [Fact]
    public async Task Forty_connections_that_announce_256_MB_cost_no_memory()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        long before = GC.GetTotalAllocatedBytes(precise: true);

        var clients = new List<TestClient>();
        for (int i = 0; i < Connections; i++)
        {
            TestClient client = await host.OpenAsync();
            clients.Add(client);
            await client.SendAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F, .. new byte[4000]]);
        }

        foreach (TestClient client in clients)
        {
            await client.ReadToEndAsync();
            await client.DisposeAsync();
        }

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 1, 20_000_000);
    }
}
