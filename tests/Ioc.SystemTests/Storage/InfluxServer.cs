using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Storage;

/// <summary>A real influxd of its own: free ports, temporary folder, ended with the test.</summary>
internal sealed class InfluxServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private Process? _process;

    public string Url => $"http://127.0.0.1:{_port}";

    public static async Task<InfluxServer> StartNewAsync()
    {
        _ = Binary();
        var server = new InfluxServer();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        string config = _folder.File("influxdb.conf");
        await File.WriteAllTextAsync(config, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort()}"
            [meta]
            dir = "{_folder.File("meta")}"
            [data]
            dir = "{_folder.File("data")}"
            wal-dir = "{_folder.File("wal")}"
            [http]
            bind-address = "127.0.0.1:{_port}"
            log-enabled = false
            [monitor]
            store-enabled = false
            [logging]
            level = "error"
            suppress-logo = true
            """);
        _process = Process.Start(new ProcessStartInfo(Binary(), ["run", "-config", config]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var http = new HttpClient();
        await Wait.UntilAsync(async () =>
        {
            try
            {
                return (await http.GetAsync(new Uri($"{Url}/ping"))).StatusCode == HttpStatusCode.NoContent;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, 30, "influxd answers");
    }

    public async Task StopAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>It lives and its port accepts, but nothing is answered any more until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends what a foreign client would.</summary>
    public async Task<string> AskAsync(string influxQl)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"{Url}/query?db=ioc&epoch=ns&q={Uri.EscapeDataString(influxQl)}"));
    }

    public async Task WriteAsync(string lines)
    {
        using var http = new HttpClient();
        using var content = new StringContent(lines);
        (await http.PostAsync(new Uri($"{Url}/write?db=ioc"), content)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _folder.Dispose();
    }

    private static string Binary() => FindOrSkip("influxd", "influxdb");

    /// <summary>The program's place on the search path; skips the test by name where it is not installed.</summary>
    internal static string FindOrSkip(string program, string package)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{program} is not installed (Debian package {package})");
        return found!;
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
