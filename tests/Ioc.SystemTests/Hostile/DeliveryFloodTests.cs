using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>Subscribers that want everything and take nothing.</summary>
[Collection("Hostile")]
public sealed class DeliveryFloodTests
{
    [Fact]
    public async Task Subscribers_that_never_acknowledge_hold_up_nobody()
    {
        const int messages = 3_000;
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:MaxOutgoingQueue", "1000");
        var mute = new List<RawClient>();
        for (int i = 0; i < 40; i++)
            mute.Add(await SubscribeAsync(world, $"mute{i}", (byte)(4 + (i % 2)), qos: 1 + (i / 2 % 2)));

        Task<int>[] counting = [.. mute.Select(client => CountAsync(client, until: 1_000))];
        await PublishAsync(world, messages, payloadBytes: 100);

        // The window is full and stays so: not one message more than the thousand in flight.
        Assert.All(await Task.WhenAll(counting), count => Assert.Equal(1_000, count));
        foreach (RawClient client in mute)
            await client.SendAsync(Packets.Pingreq());
        foreach (RawClient client in mute)
            Assert.Equal([0xD0, 0], await client.ReadOrEndAsync());

        // A thousand in flight and a thousand waiting for each; the rest is counted.
        Assert.Equal(mute.Count * (messages - 2_000), await world.MetricAsync("ioc_broker_dropped_total{reason=\"queueFull\"}"));
        await CloseAsync(mute);
        await world.CalmAsync("subscribers that never acknowledge");
    }

    // They come when sixty megabytes wait for each: retained ones, or what a session kept while it was away.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscribers_that_never_read_large_messages_cost_little_memory(bool retain)
    {
        int count = HostileWorld.IsLong ? 200 : 20;
        await using HostileWorld world = await HostileWorld.StartAsync();
        for (int i = 0; i < count && !retain; i++)
            await (await SubscribeAsync(world, $"slow{i}", 4, qos: 1, clean: false)).DisposeAsync();
        await PublishAsync(world, 300, payloadBytes: 200_000, retain);
        await world.ServesAsync("between");
        world.Mark();

        var slow = new List<RawClient>();
        for (int i = 0; i < count; i++)
        {
            slow.Add(await world.ConnectAsync(Packets.Connect($"slow{i}", keepAlive: 0, clean: retain), receiveBuffer: 4_096));
            if (retain)
                await slow[i].SendAsync(Packets.Subscribe());
        }

        await world.ServesAsync("beside");
        await CloseAsync(slow);
        await world.CalmAsync(retain ? "slow readers of large retained messages" : "slow readers of large kept messages", peakMebibytes: 250);
    }

    [Fact]
    public async Task Many_subscribers_to_everything_get_everything_that_they_read()
    {
        const int messages = 1_500;
        await using HostileWorld world = await HostileWorld.StartAsync();
        var greedy = new List<RawClient>();
        for (int i = 0; i < 100; i++)
            greedy.Add(await SubscribeAsync(world, $"greedy{i}", (byte)(4 + (i % 2)), qos: 0));

        Task<int>[] counting = [.. greedy.Select(client => CountAsync(client, messages))];
        await PublishAsync(world, messages, payloadBytes: 100);

        Assert.All(await Task.WhenAll(counting), count => Assert.Equal(messages, count));
        await CloseAsync(greedy);
        await world.CalmAsync("100 subscribers to #");
    }

    [Fact]
    public async Task A_storm_of_subscriptions_to_ten_thousand_retained_messages_is_bounded()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:MaxOutgoingDeliveries", "500000");
        await PublishAsync(world, 10_000, payloadBytes: 100, retain: true);
        await world.ServesAsync("between");
        world.Mark();

        // They ask again and again and read nothing.
        byte[] again = [.. Enumerable.Range(1, 10).SelectMany(id => Packets.Subscribe("#", 1, id))];
        var greedy = new List<RawClient>();
        for (int i = 0; i < 200; i++)
        {
            RawClient client = await world.ConnectAsync(Packets.Connect($"greedy{i}"), receiveBuffer: 4_096);
            greedy.Add(client);
            await client.SendAsync(again);
        }

        await world.ServesAsync("beside");

        // Who reads gets all of it.
        await CloseAsync(greedy);
        await using (RawClient reader = await SubscribeAsync(world, "reader", 4, qos: 0))
            Assert.Equal(10_000, await CountAsync(reader, 10_000));
        await world.CalmAsync("retained storm", peakMebibytes: 250);
    }

    [Fact]
    public async Task A_thousand_wills_at_once_are_published()
    {
        int count = HostileWorld.IsLong ? 5_000 : 1_000;
        await using HostileWorld world = await HostileWorld.StartAsync();
        var dying = new List<RawClient>();
        for (int i = 0; i < count; i++)
            dying.Add(await world.ConnectAsync(Packets.Connect($"dying{i}", willTopic: $"wills/{i}", willPayload: new string('w', 5_000), willQos: 1)));

        await using RawClient heir = await SubscribeAsync(world, "heir", 5, qos: 0);
        Task<int> counting = CountAsync(heir, count);
        foreach (RawClient client in dying)
            client.Drop();

        Assert.Equal(count, await counting);
        await world.CalmAsync($"{count} wills");
    }

    private static async Task<RawClient> SubscribeAsync(HostileWorld world, string clientId, byte level, int qos, bool clean = true)
    {
        RawClient client = await world.ConnectAsync(Packets.Connect(clientId, level, clean, keepAlive: 0));
        await client.SendAsync(Packets.Subscribe("#", qos, properties: level == 5 ? [] : null));
        Assert.Equal(0x90, (await client.ReadOrEndAsync())![0]);
        return client;
    }

    // At QoS 1, and waits for the acknowledgements.
    private static async Task PublishAsync(HostileWorld world, int count, int payloadBytes, bool retain = false)
    {
        string payload = new('p', payloadBytes);
        await using RawClient publisher = await world.ConnectAsync(Packets.Connect("publisher"));
        for (int sent = 0; sent < count;)
        {
            int some = Math.Min(50, count - sent);
            for (int i = 0; i < some; i++)
                await publisher.SendAsync(Packets.Publish($"flood/{sent + i}", payload, qos: 1, packetId: 1 + ((sent + i) % 60_000), retain: retain));
            for (int i = 0; i < some; i++)
                Assert.Equal(0x40, (await publisher.ReadOrEndAsync(30))![0]);
            sent += some;
        }
    }

    private static async Task<int> CountAsync(RawClient client, int until)
    {
        int count = 0;
        for (; count < until; count++)
        {
            if (await client.ReadOrEndAsync(30) is not [>= 0x30 and < 0x40, ..])
                break;
        }

        return count;
    }

    private static async Task CloseAsync(List<RawClient> clients)
    {
        foreach (RawClient client in clients)
            await client.DisposeAsync();
    }
}
