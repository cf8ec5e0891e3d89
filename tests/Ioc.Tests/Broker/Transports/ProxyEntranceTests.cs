using Ioc.Broker.Transports;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class ProxyEntranceTests
{
    private static readonly (string, string) On = ("ProxyProtocol", "true");

    [Fact]
    public async Task A_device_behind_a_balancer_is_known_by_its_own_address()
    {
        await using TransportHost host = await TransportHost.StartAsync(On);
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        await client.SendAsync([.. ProxyHeaderTests.Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1883"), .. Packets.Connect("meter-1")]);

        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
        Assert.True(host.Said.Hold("meter-1 connected with V311 from 203.0.113.7:4711"), host.Said.ToString());
    }

    [Fact]
    public async Task A_header_may_come_byte_by_byte()
    {
        await using TransportHost host = await TransportHost.StartAsync(On);
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        foreach (byte b in (byte[])[.. ProxyHeaderTests.Binary(0x21, 0x11, [203, 0, 113, 7, 192, 0, 2, 1, 0x12, 0x67, 7, 0x5B]), .. Packets.Connect("meter-2")])
            await client.SendAsync(b);

        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
        Assert.True(host.Said.Hold("from 203.0.113.7:4711"), host.Said.ToString());
    }

    [Fact]
    public async Task A_balancer_that_speaks_for_itself_is_let_in_under_its_own_address()
    {
        await using TransportHost host = await TransportHost.StartAsync(On);
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        await client.SendAsync([.. ProxyHeaderTests.Binary(0x20, 0, []), .. Packets.Connect("probe")]);

        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
        Assert.True(host.Said.Hold("probe connected with V311 from 127.0.0.1:"), host.Said.ToString());
    }

    [Fact]
    public async Task One_who_does_not_send_the_header_is_closed_and_counted()
    {
        await using TransportHost host = await TransportHost.StartAsync(On);
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        await client.SendAsync(Packets.Connect());

        Assert.Null(await client.ReadOrEndAsync());
        await Wait.UntilAsync(() => host.Turned(Turned.ProxyHeaderMalformed) == 1);
    }

    [Fact]
    public async Task One_who_is_no_proxy_of_ours_is_closed_whatever_it_says()
    {
        await using TransportHost host = await TransportHost.StartAsync(On, ("ProxyTrusted:0", "10.0.0.0/8"), ("ProxyTrusted:1", "192.0.2.9"));
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        await client.SendAsync([.. ProxyHeaderTests.Line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 1883"), .. Packets.Connect()]);

        Assert.Null(await client.ReadOrEndAsync());
        await Wait.UntilAsync(() => host.Turned(Turned.ProxyNotTrusted) == 1);
    }

    [Fact]
    public async Task Half_a_header_does_not_hold_a_place_for_longer_than_the_opening_may_take()
    {
        await using TransportHost host = await TransportHost.StartAsync(On, ("OpeningTimeout", "00:00:00.3"));
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);

        await client.SendAsync("PROXY TCP4"u8.ToArray());

        Assert.Null(await client.ReadOrEndAsync());
        await Wait.UntilAsync(() => host.Turned(Turned.OpeningTimeout) == 1);
    }

    [Fact]
    public async Task One_who_leaves_within_the_header_frees_its_place()
    {
        await using TransportHost host = await TransportHost.StartAsync(On, ("MaxOpening", "1"));
        await using (TestClient leaver = await TestClient.OpenAsync(host.PlainPort))
            await leaver.SendAsync("PROXY TCP4"u8.ToArray());
        await Wait.UntilAsync(() => host.Turned(Turned.Gone) == 1);

        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);
        await client.SendAsync([.. ProxyHeaderTests.Line("PROXY UNKNOWN"), .. Packets.Connect()]);

        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
    }

    [Fact]
    public async Task More_than_may_be_opening_at_a_time_are_closed_unread()
    {
        await using TransportHost host = await TransportHost.StartAsync(On, ("MaxOpening", "1"));
        await using TestClient first = await TestClient.OpenAsync(host.PlainPort);
        await first.SendAsync("PROXY"u8.ToArray());
        await using TestClient second = await TestClient.OpenAsync(host.PlainPort);

        Assert.Null(await second.ReadOrEndAsync());
        Assert.Equal(1, host.Turned(Turned.TooManyOpening));

        await first.SendAsync([.. " UNKNOWN\r\n"u8, .. Packets.Connect()]);
        Assert.Equal([0x20, 2, 0, 0], await first.ReadAsync());
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_half_a_header()
    {
        await using TransportHost host = await TransportHost.StartAsync(On, ("OpeningTimeout", "00:01:00"));
        await using TestClient client = await TestClient.OpenAsync(host.PlainPort);
        await client.SendAsync("PROXY"u8.ToArray());

        await host.StopAsync();

        Assert.Null(await client.ReadOrEndAsync());
        Assert.Equal(1, host.Turned(Turned.Gone));
    }
}
