using System.Diagnostics;
using System.Text;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ioc.Tests.Broker;

public class ConnectTests
{
    [Fact]
    public async Task A_5_0_client_is_told_what_it_may_do()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ReceiveMaximum", "50"), ("MaxPacketBytes", "65536"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("", level: 5));

        byte[] connack = await client.ReadAsync();
        string told = Convert.ToHexString(connack[5..]);
        Assert.Equal([0x20, 0, 0], [connack[0], connack[2], connack[3]]);
        Assert.StartsWith("210032" + "2700010000" + "220020" + "120025", told, StringComparison.Ordinal);
        Assert.Contains("auto-", Encoding.UTF8.GetString(connack), StringComparison.Ordinal); // [MQTT-3.2.2-16]
    }

    // [MQTT-3.1.2-2], [MQTT-3.1.3-8] (3.1.1), [MQTT-4.12.0-1]
    [Fact]
    public async Task A_refused_connect_is_told_why_in_the_words_of_its_version()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();

        Assert.Equal([0x20, 2, 0, 1], await RefusedAsync(host, Packets.Connect(level: 3)));
        Assert.Equal(0x84, (await RefusedAsync(host, Packets.Connect(level: 6)))[3]);
        Assert.Equal([0x20, 2, 0, 2], await RefusedAsync(host, Packets.Connect("", clean: false)));
        Assert.Equal(0x8C, (await RefusedAsync(host, Packets.Connect(level: 5, properties: [0x15, .. Packets.Text("SCRAM")])))[3]);
        Assert.Equal(0x82, (await RefusedAsync(host, Packets.Connect(level: 5, properties: [0x21, 0, 0])))[3]);
    }

    [Fact]
    public async Task Where_users_are_listed_only_they_come_in()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("AllowAnonymous", "false"), ("Users:gate-1", "bí mật"));

        await using TestClient good = await host.ConnectAsync(Packets.Connect(user: "gate-1", password: "bí mật"));
        Assert.Equal([0x20, 2, 0, 4], await RefusedAsync(host, Packets.Connect("c2", user: "gate-1", password: "wrong")));
        Assert.Equal([0x20, 2, 0, 4], await RefusedAsync(host, Packets.Connect("c2", user: "gate-1")));
        Assert.Equal([0x20, 2, 0, 4], await RefusedAsync(host, Packets.Connect("c2", user: "gate-2", password: "bí mật")));
        Assert.Equal([0x20, 2, 0, 5], await RefusedAsync(host, Packets.Connect("c2")));
        Assert.Equal(0x87, (await RefusedAsync(host, Packets.Connect("c2", level: 5)))[3]);
        Assert.Equal(5, host.Counters.RefusedByReason["notAuthorized"]);
    }

    [Theory]
    [InlineData("0.0.0.0", null, true)]
    [InlineData("0.0.0.0", "true", true)]
    [InlineData("::1", null, true)]
    [InlineData("not-an-address", null, false)]
    public async Task Anonymous_clients_beyond_loopback_must_be_meant(string bind, string? allow, bool starts)
    {
        (string, string)[] settings = allow is null ? [("Bind:0", bind)] : [("Bind:0", bind), ("AllowAnonymous", allow)];

        if (starts)
            await (await BrokerHost.StartAsync(settings)).DisposeAsync();
        else
            Assert.Contains("Mqtt:Bind", (await Assert.ThrowsAsync<OptionsValidationException>(() => BrokerHost.StartAsync(settings))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_out_of_its_range_stops_the_start()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => BrokerHost.StartAsync(("MaxPacketBytes", "1")));

        Assert.Contains("MaxPacketBytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_finishes_its_connect_is_closed()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ConnectTimeout", "00:00:00.3"));
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect()[..5]);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(1, host.Counters.RefusedByReason["connectTimeout"]);
    }

    // [MQTT-3.1.2-22] (5.0)
    [Fact]
    public async Task Silence_of_one_and_a_half_keep_alives_ends_the_connection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5, keepAlive: 1));
        var silence = Stopwatch.StartNew();

        Assert.Equal([0xE0, 1, 0x8D], (await client.ReadToEndAsync()).Single());

        Assert.InRange(silence.Elapsed.TotalSeconds, 1.4, 60);
        Assert.Equal(1, host.Counters.RefusedByReason["keepAliveTimeout"]);
    }

    [Fact]
    public async Task Any_packet_breaks_the_silence_and_keep_alive_zero_allows_it()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient silent = await host.ConnectAsync(Packets.Connect("silent", keepAlive: 0));
        await using TestClient pinging = await host.ConnectAsync(Packets.Connect("pinging", keepAlive: 1));

        for (int i = 0; i < 5; i++)
        {
            time.Advance(1.4);
            await pinging.SendAsync(Packets.Pingreq());
            Assert.Equal([0xD0, 0], await pinging.ReadAsync());
        }

        // Now it is silent as well, and somebody watches.
        Task<List<byte[]>> end = pinging.ReadToEndAsync();
        await Wait.UntilAsync(() =>
        {
            time.Advance(1);
            return end.IsCompleted;
        });
        Assert.Empty(await end);
        await silent.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await silent.ReadAsync());
    }

    private static async Task<byte[]> RefusedAsync(BrokerHost host, byte[] connect)
    {
        await using TestClient client = await host.OpenAsync();
        await client.SendAsync(connect);
        return (await client.ReadToEndAsync()).Single();
    }
}
