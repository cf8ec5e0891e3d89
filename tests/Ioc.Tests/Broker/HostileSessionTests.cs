using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

/// <summary>What sessions are told to remember has a bound over all of them, and comes free again.</summary>
public class HostileSessionTests
{
    private static readonly byte[] Kept = [0x17, 0, 0x11, 0, 0, 1, 0];

    [Fact]
    public async Task Filters_beyond_the_memory_of_all_sessions_are_refused_until_others_go()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxSessionBytes", "1048576"));
        await using TestClient greedy = await host.ConnectAsync(Packets.Connect("greedy", level: 5, properties: Kept));
        var codes = new List<byte>();
        for (int i = 0; i < 10; i++)
            codes.Add(await SubscribeAsync(greedy, $"{i}/{new string('f', 60_000)}"));

        // Three quarters of a mebibyte, two copies of each.
        Assert.Equal([1, 1, 1, 1, 1, 1, 0x97, 0x97, 0x97, 0x97], codes);
        await using TestClient other = await host.ConnectAsync(Packets.Connect("other", level: 5));
        Assert.Equal(0x97, await SubscribeAsync(other, new string('g', 60_000)));

        await greedy.SendAsync(Packets.Unsubscribe($"0/{new string('f', 60_000)}", properties: []));
        Assert.Equal(0, (await greedy.ReadAsync())[^1]);
        Assert.Equal(1, await SubscribeAsync(other, new string('g', 60_000)));

        // A session begun anew gives all of it back.
        await using TestClient again = await host.ConnectAsync(Packets.Connect("greedy", level: 5));
        for (int i = 0; i < 4; i++)
            Assert.Equal(1, await SubscribeAsync(again, $"{i}/{new string('f', 60_000)}"));
    }

    [Fact]
    public async Task Wills_beyond_the_memory_of_all_sessions_are_not_let_in_until_others_go()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxSessionBytes", "1048576"));
        var clients = new List<TestClient>();
        for (int i = 0; i < 13; i++)
            clients.Add(await host.ConnectAsync(WithWill(i)));

        await using TestClient late = await host.OpenAsync();
        await late.SendAsync(WithWill(13));
        Assert.Equal(0x97, (await late.ReadAsync())[3]);

        // Gone for an hour at most: the will stays, and so does what it takes.
        clients[0].Drop();
        await Wait.UntilAsync(() => host.Counters.Connections == 12);
        await using TestClient later = await host.OpenAsync();
        await later.SendAsync(WithWill(13));
        Assert.Equal(0x97, (await later.ReadAsync())[3]);

        await clients[1].SendAsync(Packets.Disconnect());
        Assert.Null(await clients[1].ReadOrEndAsync());
        await using TestClient admitted = await host.ConnectAsync(WithWill(13));
        foreach (TestClient client in clients)
            await client.DisposeAsync();
    }

    private static byte[] WithWill(int number) => Packets.Connect($"dying{number}", level: 5, properties: [0x17, 0, 0x11, 0, 0, 0x0E, 0x10],
        willTopic: "w", willPayload: new string('w', 60_000), willProperties: [0x18, 0, 0, 0x0E, 0x10]);

    private static async Task<byte> SubscribeAsync(TestClient client, string filter)
    {
        await client.SendAsync(Packets.Subscribe(filter, properties: []));
        return (await client.ReadAsync())[^1];
    }
}
