using System.Diagnostics;
using System.Globalization;
using Ioc.Broker.Transports;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Hosting;

/// <summary>The simulated city of <c>--demo</c>: a process of its own that speaks MQTT to us like any device, and ends with us, also on SIGKILL.</summary>
internal sealed class DemoFleet(Listeners listeners, ServerPaths paths, IOptions<TransportOptions> transports, IHostApplicationLifetime lifetime, ILogger<DemoFleet> log)
    : IHostedService, IDisposable
{
    private Process? _process;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!transports.Value.Plain || transports.Value.ProxyProtocol)
            throw new StartupException("--demo: the simulated city speaks plain MQTT without a load balancer; leave Mqtt:Plain and Mqtt:ProxyProtocol as they are.");

        lifetime.ApplicationStarted.Register(Start);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_process is not { HasExited: false } process)
            return;

        // End of standard input is the request to leave.
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose() => _process?.Dispose();

    private void Start()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "simulators");
        string seeds = paths.Seeds.FirstOrDefault(path => Path.GetFileName(path) == "demo")
            ?? throw new StartupException($"--demo: there is no folder 'demo' beside the reference seeds.");
        var start = new ProcessStartInfo
        {
            // The host that runs us runs it too, whichever way we were started.
            FileName = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])
            [
                Path.Combine(folder, "ioc-sim.dll"), "--seeds", seeds, "--host", "127.0.0.1",
                "--port", listeners.MqttPort.ToString(CultureInfo.InvariantCulture), "--story", "--until-stdin-closes",
            ])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Tell(line.Data);
        _process.ErrorDataReceived += (_, line) => Tell(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        DemoFleetLog.Started(log, _process.Id);
    }

    private void Tell(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
            DemoFleetLog.Said(log, line);
    }
}

internal static partial class DemoFleetLog
{
    [LoggerMessage(9020, LogLevel.Information, "The demonstration city plays in process {ProcessId}")]
    public static partial void Started(ILogger log, int processId);

    [LoggerMessage(9021, LogLevel.Debug, "ioc-sim: {Line}")]
    public static partial void Said(ILogger log, string line);
}
