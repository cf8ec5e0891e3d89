using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;

namespace Ioc.SystemTests.Durability;

/// <summary>One installation: the server's process comes and goes, its data and its port stay.</summary>
internal sealed class RestartingServer : IAsyncDisposable
{
    private readonly string _data;

    private RestartingServer(string data, IocProcess server)
    {
        _data = data;
        Server = server;
        Port = server.MqttPort;
    }

    public IocProcess Server { get; private set; }

    public int Port { get; }

    public static async Task<RestartingServer> StartAsync(TemporaryFolder folder) => new(folder.FullName, await IocProcess.StartAsync(folder.FullName));

    /// <summary>SIGKILL.</summary>
    public async Task KillAndRestartAsync()
    {
        await Server.KillAsync();
        await RestartAsync();
    }

    /// <summary>SIGTERM: the end that writes a snapshot.</summary>
    public async Task StopAndRestartAsync()
    {
        await Server.StopAsync();
        await RestartAsync();
    }

    public async Task RestartAsync()
    {
        await Server.DisposeAsync();
        Server = await IocProcess.StartAsync(_data, Port);
    }

    /// <summary>Waits until the server has noticed that those before are gone, and has it on the disk: what a client sends later comes behind it in the journal.</summary>
    public async Task DetachedAsync(string what)
    {
        long expected = 0;
        await Wait.UntilAsync(async () => (expected = await ConnectionsAsync()) == 0, what: $"the connections of {what} are gone");
        using RawClient probe = await RawClient.ConnectAsync(Port, "probe", clean: true, expirySeconds: 0);
        await probe.PublishAsync("probe", what, qos: 1, packetId: 1);
        await probe.AcknowledgedAsync(RawClient.Puback, 1);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task<long> ConnectionsAsync()
    {
        string metrics = await Server.Web.GetStringAsync("/metrics");
        string line = metrics.Split('\n').Single(line => line.StartsWith("ioc_broker_connections ", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
