using System.Diagnostics;
using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Transports;

/// <summary>MQTT over WebSocket on the web port of the real server, as mqtt.js sees it.</summary>
public sealed class WebSocketTests
{
    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Mqtt_js_publishes_through_a_websocket_and_gets_its_own_back(string version)
    {
        string script = Path.Combine(Path.GetDirectoryName(await ForeignClients.PublisherAsync())!, "websocket.mjs");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        string told = await Programs.RunAsync("node", [script, "--url", $"ws://127.0.0.1:{server.Web.BaseAddress!.Port}/mqtt", "--version", version, "--count", "500"], seconds: 60);

        Assert.Contains("published 500 received 500", told, StringComparison.Ordinal);
        Assert.Equal(500, (await server.SettledAsync(500)).Received);
    }

    [Fact]
    public async Task A_stop_of_the_server_closes_websockets_in_seconds()
    {
        string script = Path.Combine(Path.GetDirectoryName(await ForeignClients.PublisherAsync())!, "websocket.mjs");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);
        using ForeignClient client = ForeignClients.Start(script, "--url", $"ws://127.0.0.1:{server.Web.BaseAddress!.Port}/mqtt", "--version", "5", "--count", "0");
        await client.PrintsAsync("connected");

        var watch = Stopwatch.StartNew();
        int exitCode = await server.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        await client.PrintsAsync("closed 139");
    }

    [Fact]
    public async Task Mosquitto_connects_by_ipv6_too()
    {
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        await Programs.RunAsync("mosquitto_pub", ["-h", "::1", "-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", "tele/meter/SENSOR", "-m", "{}"], seconds: 20);

        Assert.Equal(1, (await server.SettledAsync(1)).Received);
    }
}
