using System.Globalization;
using Ioc.Load.CommandLine;
using Ioc.Load.Figures;
using Ioc.Load.Wire;

namespace Ioc.Load.Holding;

/// <summary>Opens connections that say nothing more, holds them, and tells how much memory the broker took for each.</summary>
internal static class IdleRun
{
    // Paid once by any server: pools, tables, compiled code. Not the price of a connection.
    private const int FirstConnections = 200;

    public static async Task RunAsync(TargetOptions target, TimeSpan held, CancellationToken ct)
    {
        int processId = target.ProcessId ?? throw new ArgumentException("idle needs --pid: it tells the memory of that process");
        Open(target, FirstConnections, "first").ForEach(socket => socket.Leave());
        await Task.Delay(held, ct);

        ProcessFigures before = ProcessFigures.Of(processId);
        List<WireSocket> sockets = Open(target, target.Connections, "idle");
        await Task.Delay(held, ct);
        ProcessFigures after = ProcessFigures.Of(processId);

        int open = sockets.Count(socket => socket.Receive(new byte[16]) == 0);
        var report = new Report(Console.Out);
        report.Line("connections", open);
        report.Line("baseline_mb", before.ResidentBytes / 1e6);
        report.Line("rss_mb", after.ResidentBytes / 1e6);
        report.Line("kb_per_connection", (after.ResidentBytes - before.ResidentBytes) / 1e3 / open);
        report.Line("server_cpu_ms_per_connection", (after.CpuSeconds - before.CpuSeconds) * 1e3 / open);
        sockets.ForEach(socket => socket.Leave());
    }

    private static List<WireSocket> Open(TargetOptions target, int count, string name) => [.. Enumerable.Range(1, count).Select(n => WireSocket.Connect(
        target.Broker, string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}-{n}"), target.Version))];
}
