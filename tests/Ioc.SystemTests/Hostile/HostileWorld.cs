using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>A server of its own for one attack, watched from outside: its memory, its log, and whether it still serves others.</summary>
internal sealed partial class HostileWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private long _before;

    private HostileWorld()
    {
    }

    public IocProcess Server { get; private set; } = null!;

    public static bool IsLong => Environment.GetEnvironmentVariable("IOC_LONG_TESTS") == "1";

    public static async Task<HostileWorld> StartAsync(params string[] settings)
    {
        var world = new HostileWorld();
        world.Server = await IocProcess.StartAsync(world._folder.FullName, 0, settings);
        await world.ServesAsync("before");
        world.Mark();
        return world;
    }

    /// <summary>What the server takes now is what it is compared with, and its peak starts anew.</summary>
    public void Mark()
    {
        _before = Memory("VmRSS");
        try
        {
            File.WriteAllText($"/proc/{Server.ProcessId}/clear_refs", "5");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // The peak then includes the start.
        }
    }

    public Task<RawClient> OpenAsync(int? receiveBuffer = null) => RawClient.OpenAsync(Server.MqttPort, receiveBuffer);

    /// <summary>Opens a connection and is let in.</summary>
    public async Task<RawClient> ConnectAsync(byte[] connect, int? receiveBuffer = null)
    {
        RawClient client = await OpenAsync(receiveBuffer);
        await client.SendAsync(connect);
        byte[]? answer = await client.ReadOrEndAsync();
        Assert.True(answer is [0x20, _, _, 0, ..], $"CONNACK was {(answer is null ? "a close" : Convert.ToHexString(answer))}");
        return client;
    }

    /// <summary>One number of the metrics page.</summary>
    public async Task<double> MetricAsync(string name)
    {
        string page = await Server.Web.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Match line = Regex.Match(page, $@"^{Regex.Escape(name)} (\S+)$", RegexOptions.Multiline);
        return line.Success ? double.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : throw new InvalidDataException($"no {name} on the metrics page");
    }

    /// <summary>A client like any other connects, publishes at QoS 1 and is acknowledged, all within two seconds.</summary>
    /// <remarks>Tried again on a busy machine; what counts is that one try takes no longer.</remarks>
    public async Task ServesAsync(string clientId)
    {
        var took = TimeSpan.MaxValue;
        for (int tries = 0; tries < 5 && took > TimeSpan.FromSeconds(2); tries++)
        {
            var watch = Stopwatch.StartNew();
            await using RawClient client = await ConnectAsync(Packets.Connect(clientId));
            await client.SendAsync(Packets.Publish("normal/client", qos: 1, packetId: 77));
            Assert.Equal([0x40, 2, 0, 77], await client.ReadOrEndAsync());
            await client.SendAsync(Packets.Disconnect());
            took = watch.Elapsed;
        }

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    /// <summary>The attack is over: others are served, nothing of ours failed, and memory has come back near where it was.</summary>
    /// <param name="scenario">For the figures.</param>
    /// <param name="peakMebibytes">Most it may have grown meanwhile.</param>
    /// <param name="keptMebibytes">Most it may keep: a garbage collector in no need gives little back.</param>
    public async Task CalmAsync(string scenario, int peakMebibytes = 400, int keptMebibytes = 300)
    {
        await ServesAsync("after");
        Assert.DoesNotContain("ended by a fault of ours", Server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", Server.Output, StringComparison.Ordinal);

        long peak = Memory("VmHWM");
        await Wait.UntilAsync(() => Memory("VmRSS") - _before <= keptMebibytes, 30, $"{scenario}: {Memory("VmRSS")} MiB come back near {_before} MiB");
        string figures = string.Create(CultureInfo.InvariantCulture, $"{scenario}: RSS before {_before} MiB, peak {peak} MiB, after {Memory("VmRSS")} MiB");
        TestContext.Current.SendDiagnosticMessage(figures);
        Assert.True(peak - _before <= peakMebibytes, figures);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        _folder.Dispose();
    }

    private long Memory(string name)
    {
        Match line = Regex.Match(File.ReadAllText($"/proc/{Server.ProcessId}/status"), $@"^{name}:\s+(\d+) kB", RegexOptions.Multiline);
        return long.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 1_024;
    }
}
