using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ioc.Testing;

namespace Ioc.SystemTests.Servers;

/// <summary>The real server as a process of its own, on free ports, with its data in a folder of the test's.</summary>
internal sealed partial class IocProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private IocProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => _process.Id;

    public int MqttPort { get; private set; }

    public HttpClient Web { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public string Output => string.Join('\n', _output);

    /// <summary>The last that it has said, for a test that has waited in vain.</summary>
    public string Said() => $"the server has said:\n{string.Join('\n', _output.TakeLast(60))}";

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static Task<IocProcess> StartAsync(string data, int mqttPort = 0, params string[] settings) => StartAsync("ready", data, mqttPort, settings);

    /// <summary>Starts it though something it needs is away, and waits until its doors are open and it says that it is not ready.</summary>
    public static Task<IocProcess> StartUnreadyAsync(string data, int mqttPort = 0, params string[] settings) => StartAsync("unready", data, mqttPort, settings);

    private static async Task<IocProcess> StartAsync(string status, string data, int mqttPort, string[] settings)
    {
        var server = new IocProcess(Launch(data, mqttPort, settings));
        try
        {
            await Wait.UntilAsync(async () => await server.StatusAsync() == status, seconds: 60, () => $"the server is {status}; {server.Said()}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it though it cannot start, and returns how it ended and what it said.</summary>
    public static async Task<(int ExitCode, string Output)> StartInVainAsync(string data, params string[] settings)
    {
        await using var server = new IocProcess(Launch(data, 0, settings));
        await Wait.UntilAsync(() => server._process.HasExited, seconds: 60);
        await server._process.WaitForExitAsync();
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>SIGKILL: no flush, no good-bye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task<JsonElement> GetAsync(string path) => await Web.GetFromJsonAsync<JsonElement>(path);

    public async Task<Balance> BalanceAsync() => (await Web.GetFromJsonAsync<Balance>("/api/ingest/balance"))!;

    /// <summary>Waits until the store has taken everything received so far.</summary>
    public async Task<Balance> SettledAsync(long received, int seconds = 60)
    {
        Balance balance = await BalanceAsync();
        await Wait.UntilAsync(
            async () => (balance = await BalanceAsync()).InFlight == 0 && balance.Received >= received,
            seconds,
            () => $"{received} received and nothing in flight; the balance is {balance}; {Said()}");
        return balance;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        Web.Dispose();
    }

    private static Process Launch(string data, int mqttPort, string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data };
        foreach (string argument in (string[])
            [
                Programs.Server, "--Mqtt:Port", mqttPort.ToString(CultureInfo.InvariantCulture), "--Urls", "http://127.0.0.1:0",
                "--Data:Path", Path.Combine(data, "data"), .. settings,
            ])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    // Null until the web door is open.
    private async Task<string?> StatusAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{Output}");
        if (Web.BaseAddress is null)
        {
            Match address = WebAddress().Match(Output);
            if (!address.Success)
                return null;
            Web.BaseAddress = new Uri(address.Groups[1].Value);
        }

        // Unready is an answer too, under another status code.
        using HttpResponseMessage answer = await Web.GetAsync("/health/ready");
        JsonElement health = await answer.Content.ReadFromJsonAsync<JsonElement>();
        MqttPort = health.GetProperty("mqttPort").GetInt32();
        return health.GetProperty("status").GetString();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > 2_000)
            _output.TryDequeue(out _);
    }

    [GeneratedRegex(@"dashboard\s+(http://\S+)")]
    private static partial Regex WebAddress();
}

/// <summary>The balance as a script reads it.</summary>
internal sealed record Balance(long Received, long Stored, long Ignored, Dictionary<string, long> Quarantined, long Duplicate, long InFlight, Dictionary<string, long> Refused, long Difference);
