using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

/// <summary>What a broken or lying device sends closes its own connection and nothing else.</summary>
public class HostileInputTests
{
    private static readonly byte[] HugeLength = [0x30, 0xFF, 0xFF, 0xFF, 0x7F];

    [Fact]
    public async Task A_packet_announced_at_256_MB_is_refused_before_its_body_arrives()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));

        await client.SendAsync(HugeLength);

        Assert.Equal([0xE0, 1, 0x95], (await client.ReadToEndAsync()).Single());
        Assert.Equal(1, host.Counters.RefusedByReason["packetTooLarge"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_bytes_close_that_connection_and_no_other(int seed)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient good = await host.ConnectAsync(Packets.Connect("good"));
        var random = new Random(seed);

        for (int i = 0; i < 30; i++)
        {
            await using TestClient bad = await host.OpenAsync();
            var bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            bytes[0] = 0x31; // never a CONNECT
            await bad.SendAsync(bytes);
            await bad.ReadToEndAsync();
        }

        await good.SendAsync(Packets.Publish(qos: 1, packetId: 3));
        Assert.Equal([0x40, 2, 0, 3], await good.ReadAsync());
        await Wait.UntilAsync(() => host.Counters.Connections == 1);
    }

    [Fact]
    public async Task A_packet_cut_off_by_the_end_of_the_connection_is_not_taken()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());

        await client.SendAsync([.. Packets.Publish(payload: "whole"), .. Packets.Publish(payload: "half")[..^1]]);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
        client.Drop();

        await Wait.UntilAsync(() => host.Counters.Connections == 0);
        Assert.Single(host.Journal.Records);
    }

    [Fact]
    public async Task What_came_before_a_malformed_packet_is_taken_and_acknowledged()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));

        await client.SendAsync([.. Packets.Publish(qos: 1, packetId: 4, properties: []), 0x00]);

        List<byte[]> answers = await client.ReadToEndAsync();
        Assert.Single(host.Journal.Records);
        Assert.Equal([0xE0, 1, 0x81], answers[^1]);
        Assert.Equal(1, host.Counters.RefusedByReason["malformed"]);
    }

    [Fact]
    public async Task A_connect_that_comes_byte_by_byte_is_understood()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        foreach (byte b in Packets.Connect())
            await client.SendAsync(b);

        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
    }

    // [MQTT-3.1.0-1], [MQTT-3.1.0-2]
    [Fact]
    public async Task Connect_comes_first_and_once()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();

        await using TestClient early = await host.OpenAsync();
        await early.SendAsync(Packets.Pingreq());
        Assert.Empty(await early.ReadToEndAsync());

        await using TestClient twice = await host.ConnectAsync(Packets.Connect(level: 5));
        await twice.SendAsync(Packets.Connect(level: 5));
        Assert.Equal([0xE0, 1, 0x82], (await twice.ReadToEndAsync()).Single());
    }

    [Fact]
    public async Task A_flood_of_pings_that_nobody_reads_holds_up_only_the_flooder()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient good = await host.ConnectAsync(Packets.Connect("good"));
        await using TestClient flooder = await host.ConnectAsync(Packets.Connect("flooder"));
        byte[] pings = [.. Enumerable.Repeat(Packets.Pingreq(), 50_000).SelectMany(p => p)];

        // What socket buffers and pipes on the way cannot hold is simply not read.
        Task flood = flooder.SendAsync([.. Enumerable.Repeat(pings, 200).SelectMany(p => p)]);
        await good.SendAsync(Packets.Publish(qos: 1, packetId: 3));

        Assert.Equal([0x40, 2, 0, 3], await good.ReadAsync());
        flooder.Drop();
        await flood.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_unread()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxConnections", "1"));
        await using TestClient first = await host.ConnectAsync(Packets.Connect());
        await using TestClient second = await host.OpenAsync();

        await second.SendAsync(Packets.Connect("c2"));

        Assert.Empty(await second.ReadToEndAsync());
        Assert.Equal(1, host.Counters.RefusedByReason["connectionLimit"]);
    }
}
