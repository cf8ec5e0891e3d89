using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>More names, sessions and subscriptions than anybody needs.</summary>
[Collection("Hostile")]
public sealed class SessionFloodTests
{
    [Fact]
    public async Task A_hundred_connections_that_fight_over_one_client_id_leave_one_winner()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        for (int round = 0; round < (HostileWorld.IsLong ? 50 : 2); round++)
        {
            var fighters = new List<RawClient>();
            for (int i = 0; i < 100; i++)
                fighters.Add(await world.OpenAsync());
            await Task.WhenAll(fighters.Select((fighter, i) => fighter.TrySendAsync(Packets.Connect("prize", (byte)(4 + (i % 2)), clean: i % 3 == 0, willTopic: "prize/lost", willQos: 1))));

            // All but one are told, or closed.
            List<byte[]>?[] ends = await Task.WhenAll(fighters.Select(EndOfAsync));
            Assert.Single(ends, end => end is null);
            Assert.All(ends.Where(end => end is [_, [0xE0, ..], ..]), end => Assert.Equal(0x8E, end![1][2]));
            foreach (RawClient fighter in fighters)
                fighter.Drop();
        }

        await Wait.UntilAsync(async () => await world.MetricAsync("ioc_broker_connections") == 0, 20, "no connection is left");
        await world.CalmAsync("takeover storm");
    }

    // Null for the one that still is there.
    private static async Task<List<byte[]>?> EndOfAsync(RawClient fighter)
    {
        var said = new List<byte[]>();
        try
        {
            while (await fighter.ReadOrEndAsync(3) is { } packet)
                said.Add(packet);
            return said;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    [Fact]
    public async Task Sessions_beyond_the_limit_are_refused_and_known_clients_still_served()
    {
        int limit = HostileWorld.IsLong ? 20_000 : 1_000;
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:MaxSessions", $"{limit}", "--Mqtt:MaxSessionExpiry", "00:00:15");
        await (await world.ConnectAsync(Packets.Connect("known", clean: false))).DisposeAsync();
        int admitted = 1;
        for (int i = 0; i < limit + 200; i++)
        {
            byte level = (byte)(4 + (i % 2));
            await using RawClient client = await world.OpenAsync();
            await client.SendAsync(Packets.Connect($"flood{i}", level, clean: false, properties: level == 5 ? [0x17, 0, 0x11, 0xFF, 0xFF, 0xFF, 0xFF] : null));
            byte[]? answer = await client.ReadOrEndAsync();
            if (answer is [0x20, _, _, 0, ..])
                admitted++;
            else
                Assert.Equal(level == 5 ? 0x97 : 3, answer![3]);
        }

        Assert.InRange(admitted, limit / 2, HostileWorld.IsLong ? int.MaxValue : limit);
        await using (RawClient known = await world.ConnectAsync(Packets.Connect("known", clean: false)))
            await known.SendAsync(Packets.Disconnect());

        // Sessions end when their time is over, and there is room again.
        await Wait.UntilAsync(() => IsAdmittedAsync(world), 40, "there is room for a new client");
        await world.CalmAsync($"{admitted} sessions");
    }

    [Fact]
    public async Task Names_of_65535_bytes_are_served_or_refused()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        string longest = new('n', 65_535);
        for (int i = 0; i < 20; i++)
        {
            byte level = (byte)(4 + (i % 2));
            byte[]? properties = level == 5 ? [] : null;
            await using RawClient client = await world.OpenAsync();
            await client.SendAsync(Packets.Connect(i % 4 < 2 ? longest[..^2] + $"{i:00}" : $"short{i}", level, user: i % 8 < 4 ? longest : null, password: null, clean: i % 3 > 0));
            if (await client.ReadOrEndAsync() is not [0x20, _, _, 0, ..])
                continue;

            await client.SendAsync(Packets.Subscribe(longest, 1, 5, properties));
            await client.SendAsync(Packets.Publish(longest, "x", qos: 1, packetId: 6, properties: properties));
            var answers = new HashSet<byte>();
            for (int k = 0; k < 3 && await client.ReadOrEndAsync() is { } answer; k++)
                answers.Add((byte)(answer[0] & 0xF0));
            Assert.True(answers.SetEquals((byte[])[0x30, 0x40, 0x90]), string.Join(" ", answers));
        }

        await world.CalmAsync("names of 65,535 bytes");
    }

    [Fact]
    public async Task A_session_gets_its_thousand_subscriptions_and_not_one_more()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        Assert.Equal((1_000, 9_000), await SubscribeAsync(world, "one", 10_000, 40, 0x97));
        for (int i = 0; i < 10; i++)
            Assert.Equal((1_000, 0), await SubscribeAsync(world, $"ten{i}", 1_000, 40, 0x97));
        await world.CalmAsync("20,000 subscriptions");
    }

    [Fact]
    public async Task Sessions_full_of_filters_of_60000_bytes_are_bounded_together()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:MaxSessionBytes", "67108864");
        int granted = 0;
        for (int i = 0; i < 10; i++)
            granted += (await SubscribeAsync(world, $"heavy{i}", 800, 60_000, 0x97, keep: true)).Granted;

        // Three quarters of 64 MiB, two copies of each.
        Assert.InRange(granted, 350, 450);
        await world.CalmAsync("filters of 60,000 bytes", peakMebibytes: 400);
    }

    private static async Task<(int Granted, int Refused)> SubscribeAsync(HostileWorld world, string clientId, int filters, int filterBytes, byte refusal, bool keep = false)
    {
        int granted = 0, refused = 0;
        await using RawClient client = await world.ConnectAsync(Packets.Connect(clientId, level: 5, clean: false, properties: keep ? [0x17, 0, 0x11, 0, 0, 0x10, 0] : null));
        int perPacket = Math.Clamp(200_000 / filterBytes, 1, 100);
        for (int first = 0; first < filters; first += perPacket)
        {
            var body = new List<byte> { 0, 7, 0 };
            for (int k = first; k < Math.Min(filters, first + perPacket); k++)
                body.AddRange([.. Packets.Text($"{k}/{clientId}/".PadRight(filterBytes, 'f')), 1]);
            await client.SendAsync(Packets.Packet(0x82, [.. body]));
            byte[] answer = (await client.ReadOrEndAsync(20))!;
            byte[] codes = answer[^Math.Min(perPacket, filters - first)..];
            granted += codes.Count(code => code == 1);
            refused += codes.Count(code => code == refusal);
        }

        return (granted, refused);
    }

    private static async Task<bool> IsAdmittedAsync(HostileWorld world)
    {
        await using RawClient client = await world.OpenAsync();
        await client.SendAsync(Packets.Connect("newcomer"));
        return await client.ReadOrEndAsync() is [0x20, 2, 0, 0];
    }
}
