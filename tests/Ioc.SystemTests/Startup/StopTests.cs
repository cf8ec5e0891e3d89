using System.Diagnostics;
using System.Net.Sockets;
using Ioc.SystemTests.Live;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Startup;

/// <summary>What a supervisor does: ask it to stop, and kill it when it has not after ten seconds.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    [Fact]
    public async Task It_stops_before_a_supervisor_loses_patience_whoever_holds_a_connection()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);
        await using HubClient operatorsPage = await HubClient.ConnectAsync(server.Web.BaseAddress!);
        await operatorsPage.JoinAsync();
        await operatorsPage.NextAsync("snapshot");
        using TcpClient half = await SendAsync(server.Web.BaseAddress!.Port, "GET /api/dev"u8.ToArray());
        using TcpClient halfDevice = await SendAsync(server.MqttPort, [0x10, 0x20, 0x00, 0x04, (byte)'M']);
        using TcpClient silent = await SendAsync(server.MqttPort, []);

        long asked = Stopwatch.GetTimestamp();
        int exitCode = await server.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, Patience);
    }

    private static async Task<TcpClient> SendAsync(int port, byte[] bytes)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);
        return client;
    }
}
