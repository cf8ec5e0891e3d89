using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Ioc.SystemTests.Servers;
using Ioc.Testing;

namespace Ioc.SystemTests.Simulators;

/// <summary>A real mosquitto on a free port, whose log tells what it received. It keeps its sessions over a restart.</summary>
internal sealed class MosquittoServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    /// <param name="more">Further lines of its configuration.</param>
    public MosquittoServer(params string[] more)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        // "user root" only matters to root, who would otherwise become a user that cannot write into the folder.
        File.WriteAllText(Configuration, string.Create(CultureInfo.InvariantCulture, $"""
            listener {Port} 127.0.0.1
            allow_anonymous true
            user root
            persistence true
            persistence_location {_folder.FullName}/
            max_queued_messages 0
            max_inflight_messages 0
            log_dest stdout
            log_type all
            {string.Join('\n', more)}
            """));
    }

    public int Port { get; }

    /// <summary>PUBLISH packets received from the simulator so far, by all processes of this server.</summary>
    public int ReceivedCount => _log.Count(line => line.Contains("Received PUBLISH from ioc-sim", StringComparison.Ordinal));

    /// <summary>Those of them that carried DUP.</summary>
    public int ReceivedAgainCount => _log.Count(line => line.Contains("Received PUBLISH from ioc-sim", StringComparison.Ordinal) && line.Contains("(d1,", StringComparison.Ordinal));

    private string Configuration => _folder.File("mosquitto.conf");

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Programs.Find("mosquitto")!, ["-c", Configuration]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Wait.UntilAsync(AnswersAsync, what: "mosquitto answers");
    }

    /// <summary>SIGTERM: it writes its sessions and drops its connections without a word.</summary>
    public async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
