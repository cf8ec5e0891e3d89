using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>Exchanges that are begun and never ended, or ended and never begun.</summary>
[Collection("Hostile")]
public sealed class ExchangeFloodTests
{
    [Fact]
    public async Task Unreleased_qos_2_messages_pile_up_to_the_limit_and_no_further()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            await using RawClient old = await world.ConnectAsync(Packets.Connect($"old{i}"));
            // What is not durable when the connection ends is not acknowledged; the client sends it again.
            Assert.InRange((await PileUpAsync(old, null)).Count, 1, 1_000);

            // A 5.0 client was told how many it may leave open.
            await using RawClient modern = await world.ConnectAsync(Packets.Connect($"modern{i}", level: 5));
            List<byte[]> said = await PileUpAsync(modern, []);
            Assert.Equal([0xE0, 1, 0x93], said[^1]);
            Assert.InRange(said.Count, 1, 101);
        }

        await world.CalmAsync("QoS 2 pile-up");
    }

    [Theory]
    [InlineData(0x62, 0x70)]
    [InlineData(0x50, 0x62)]
    public async Task A_storm_of_answers_to_nothing_is_answered_and_costs_nothing(int storm, byte answer)
    {
        const int count = 50_000;
        await using HostileWorld world = await HostileWorld.StartAsync();
        byte[] packets = [.. Enumerable.Range(1, count).SelectMany(id => Packets.Packet(storm, Packets.Number(id)))];
        foreach (byte level in (byte[])[4, 5])
        {
            await using RawClient client = await world.ConnectAsync(Packets.Connect("storm", level));
            Task<bool> sending = client.TrySendAsync(packets);
            for (int id = 1; id <= count; id++)
            {
                byte[] said = (await client.ReadOrEndAsync())!;
                Assert.Equal((answer, id), (said[0], (said[2] << 8) | said[3]));
                if (level == 5)
                    Assert.Equal(0x92, said[4]);
            }

            Assert.True(await sending);
        }

        await world.CalmAsync($"storm of {storm:X2}");
    }

    [Fact]
    public async Task A_storm_whose_answers_nobody_reads_is_not_read_either()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        byte[] packets = [.. Enumerable.Range(0, 400_000).SelectMany(i => Packets.Pubrel(1 + (i % 60_000)))];
        var deaf = new List<RawClient>();
        for (int i = 0; i < 20; i++)
            deaf.Add(await world.ConnectAsync(Packets.Connect($"deaf{i}"), receiveBuffer: 4_096));

        bool[] taken = await Task.WhenAll(deaf.Select(client => SendForeverAsync(client, packets)));
        Assert.All(taken, Assert.False);
        await world.ServesAsync("beside");
        foreach (RawClient client in deaf)
            client.Drop();
        await world.CalmAsync("storm of 62 unread");
    }

    // Until the server takes no more.
    private static async Task<bool> SendForeverAsync(RawClient client, byte[] packets)
    {
        for (int i = 0; i < 40; i++)
        {
            if (!await client.TrySendAsync(packets, seconds: 3))
                return false;
        }

        return true;
    }

    private static async Task<List<byte[]>> PileUpAsync(RawClient client, byte[]? properties)
    {
        byte[] packets = [.. Enumerable.Range(1, 3_000).SelectMany(id => Packets.Publish("pile/up", "2", qos: 2, packetId: id, properties: properties))];
        Task<bool> sending = client.TrySendAsync(packets);
        List<byte[]> said = await client.ReadToEndAsync();
        await sending;
        return said;
    }
}
