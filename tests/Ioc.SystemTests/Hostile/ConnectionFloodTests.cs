using System.Net.Sockets;
using System.Text;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>Those who come and never become a client.</summary>
[Collection("Hostile")]
public sealed class ConnectionFloodTests
{
    [Fact]
    public async Task Thousands_of_half_open_connections_are_closed_when_no_connect_comes()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:ConnectTimeout", "00:00:03");
        var silent = new List<RawClient>();
        for (int i = 0; i < (HostileWorld.IsLong ? 10_000 : 3_000); i++)
        {
            RawClient client = await world.OpenAsync();
            silent.Add(client);
            if (i % 3 == 1)
                await client.SendAsync(Packets.Connect().AsMemory(0, 5)); // begun and never ended
        }

        await world.ServesAsync("beside");
        foreach (RawClient client in silent)
        {
            Assert.Empty(await client.ReadToEndAsync(20));
            await client.DisposeAsync();
        }

        await world.CalmAsync("half-open connections");
    }

    [Fact]
    public async Task A_connect_that_drips_byte_by_byte_is_served_and_one_that_drips_too_slowly_is_not()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:ConnectTimeout", "00:00:02");
        await using RawClient dripping = await world.OpenAsync();
        foreach (byte b in Packets.Connect("drip", level: 5))
            await dripping.SendAsync(new[] { b });
        Assert.Equal(0x20, (await dripping.ReadOrEndAsync())![0]);

        // Each byte is a sign of life, but the time is for the whole packet.
        await using RawClient slow = await world.OpenAsync();
        byte[] connect = Packets.Connect(new string('x', 60_000));
        int sent = 0;
        await Wait.UntilAsync(async () => !await slow.TrySendAsync(connect.AsMemory(sent++, 1)), 10, "the drip is cut");

        Assert.InRange(sent, 10, 1_000);
        await world.CalmAsync("dripping CONNECT");
    }

    [Fact]
    public async Task Clients_that_connect_and_vanish_leave_nothing()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        int count = HostileWorld.IsLong ? 20_000 : 2_000;
        for (int i = 0; i < count; i++)
        {
            RawClient client = await world.OpenAsync();
            await client.TrySendAsync(Packets.Connect($"vanish{i}", level: (byte)(4 + (i % 2))));
            if (i % 2 == 0)
                await client.ReadOrEndAsync();
            client.Drop();
        }

        await Wait.UntilAsync(async () => await world.MetricAsync("ioc_broker_connections") == 0, 20, "no connection is left");
        await world.CalmAsync($"{count} connect and drop");
    }

    [Fact]
    public async Task Packets_announced_at_256_MB_cost_no_memory()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        byte[] lie = [0xFF, 0xFF, 0xFF, 0x7F, .. new byte[8_000]];
        for (int i = 0; i < 40; i++)
        {
            await using RawClient before = await world.OpenAsync();
            await before.TrySendAsync(new byte[] { 0x10 }.Concat(lie).ToArray());
            Assert.Empty(await before.ReadToEndAsync());

            await using RawClient after = await world.ConnectAsync(Packets.Connect($"liar{i}", level: 5));
            await after.TrySendAsync(new byte[] { 0x30 }.Concat(lie).ToArray());
            Assert.Equal([0xE0, 1, 0x95], Assert.Single(await after.ReadToEndAsync()));
        }

        await world.CalmAsync("256 MB announced on 40 connections", peakMebibytes: 100);
    }

    [Fact]
    public async Task Random_bytes_end_their_connection()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:ConnectTimeout", "00:00:02");
        var random = new Random(26);
        for (int i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            await using RawClient client = i % 2 == 0 ? await world.OpenAsync() : await world.ConnectAsync(Packets.Connect($"noise{i}", level: (byte)(4 + (i % 4 / 2))));
            await client.TrySendAsync(bytes);
            client.EndSending();
            await client.ReadToEndAsync();
        }

        await world.CalmAsync("random bytes");
    }

    [Fact]
    public async Task Websocket_upgrades_that_never_speak_are_closed()
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:ConnectTimeout", "00:00:02");
        int port = world.Server.Web.BaseAddress!.Port;
        byte[] upgrade = Encoding.ASCII.GetBytes(
            $"GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
        var mute = new List<Socket>();
        for (int i = 0; i < 200; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await socket.SendAsync(upgrade, TestContext.Current.CancellationToken);
            mute.Add(socket);
        }

        await world.ServesAsync("beside");
        foreach (Socket socket in mute)
        {
            Assert.StartsWith("HTTP/1.1 101", await ReadAllAsync(socket), StringComparison.Ordinal);
            socket.Dispose();
        }

        await world.CalmAsync("mute websockets");
    }

    // Without Mqtt:Proxy nobody may speak for another address: the line is no CONNECT.
    [Theory]
    [InlineData("PROXY TCP4 10.1.2.3 10.0.0.1 51000 1883\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0")]
    public async Task Another_protocol_before_connect_is_refused(string opening)
    {
        await using HostileWorld world = await HostileWorld.StartAsync("--Mqtt:ConnectTimeout", "00:00:02");
        await using RawClient client = await world.OpenAsync();
        await client.TrySendAsync((byte[])[.. Encoding.Latin1.GetBytes(opening), .. Packets.Connect("spoofed")]);

        Assert.Empty(await client.ReadToEndAsync());
        await world.CalmAsync("another protocol");
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        var all = new List<byte>();
        var buffer = new byte[1_024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        for (int got = 1; got > 0;)
        {
            try
            {
                got = await socket.ReceiveAsync(buffer, patience.Token);
            }
            catch (SocketException)
            {
                got = 0;
            }

            all.AddRange(buffer[..got]);
        }

        return Encoding.ASCII.GetString([.. all]);
    }
}
