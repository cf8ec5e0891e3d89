using System.Diagnostics;
using System.Globalization;
using Ioc.Load.CommandLine;
using Ioc.Load.Figures;
using Ioc.Load.Messages;
using Ioc.Load.Receiving;
using Ioc.Load.Wire;
using Ioc.Mqtt;
using NodaTime;

namespace Ioc.Load.Publishing;

/// <summary>One measured load from connecting to the report: warm-up, settling, the measured messages, what they cost.</summary>
internal static class Publication
{
    // A server that compiles while it runs does so behind the warm-up.
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(PublishOptions options, CancellationToken ct)
    {
        int connections = options.Target.Connections;
        long warm = RoundUp(options.Warm, connections), measured = RoundUp(options.Count, connections);
        var plan = new MeterPlan(connections, options.MetersPerConnection, warm + measured, SystemClock.Instance.GetCurrentInstant());
        if (plan.Problem is { } problem)
            throw new ArgumentException(problem);

        using var http = new HttpClient();
        ServerFigures? server = options.Web is null ? null : new ServerFigures(http, options.Web);
        var message = new MeterMessage(plan, options.Key, options.Qos, options.Target.Version);
        var latency = new LatencyHistogram();
        List<WireSocket> sockets = Connect(options.Target, options.Subscriber ? connections + 1 : connections);
        Publisher[] publishers = [.. sockets.Take(connections).Select((socket, i) =>
            new Publisher(socket, message, i, options.Qos, options.Window, options.Batch, latency))];
        Subscriber? subscriber = options.Subscriber ? Subscribe(sockets[^1], message, plan, options) : null;
        var run = new PublishRun(publishers, subscriber, sockets, options.Behind, ct);

        if (warm > 0)
        {
            run.SendUntil(warm, default(Pace) with { Connections = connections }, sendsLast: false);
            await Task.Delay(Breath, ct);
        }

        if (options.Settle && server is not null)
            await server.SettledAsync(SettlePatience, ct);
        latency.Clear();

        Point before = await Point.TakeAsync(options, server, publishers, subscriber, ct);
        using var measuring = CancellationTokenSource.CreateLinkedTokenSource(ct);
        DiskProbe? disk = options.Disk is null ? null : new DiskProbe(options.Disk);
        Task probing = disk is null ? Task.CompletedTask : Task.Run(() => disk.RunAsync(measuring.Token), ct);
        long started = Stopwatch.GetTimestamp();
        run.SendUntil(warm + measured, new Pace(options.Rate, connections), sendsLast: options.Qos == 0);
        TimeSpan sent = Stopwatch.GetElapsedTime(started);
        await measuring.CancelAsync();
        await probing;
        bool isSettled = !options.Settle || server is null || await server.SettledAsync(SettlePatience, ct);
        TimeSpan all = options.Settle ? Stopwatch.GetElapsedTime(started) : sent;
        Point after = await Point.TakeAsync(options, server, publishers, subscriber, ct);

        var report = new Report(Console.Out);
        Tell(report, before, after, measured * connections, sent, all);
        report.Line("late", run.Lateness);
        if (subscriber is not null)
            report.Line("foreign", subscriber.Deliveries.Foreign);
        if (options.Qos > 0)
            report.Line("puback", latency);
        if (disk is not null)
            report.Line("fsync", disk.Latency);
        foreach (Publisher publisher in publishers)
            publisher.Leave();
        subscriber?.Leave();
        if (!isSettled)
            throw new TimeoutException("the pipeline has not dealt with everything");
        if (subscriber is { Deliveries.Missing: > 0 })
            throw new InvalidDataException($"the subscriber misses {subscriber.Deliveries.Missing} messages");
    }

    private static List<WireSocket> Connect(TargetOptions target, int count) => [.. Enumerable.Range(1, count).Select(n => WireSocket.Connect(
        target.Broker, string.Create(CultureInfo.InvariantCulture, $"ioc-load-{Environment.ProcessId}-{n}"), target.Version))];

    private static Subscriber Subscribe(WireSocket socket, MeterMessage message, MeterPlan plan, PublishOptions options)
    {
        socket.Subscribe("tele/+/SENSOR", options.Qos, options.Target.Version);
        return new Subscriber(socket, new Deliveries(message, plan.Meters, options.Target.Version == ProtocolVersion.V5));
    }

    private static void Tell(Report report, Point before, Point after, long messages, TimeSpan sent, TimeSpan all)
    {
        double millions = messages / 1e6;
        report.Line("messages", messages);
        report.Line("seconds", all.TotalSeconds);
        report.Line("rate", (long)(messages / all.TotalSeconds));
        report.Line("lag_s", (all - sent).TotalSeconds);
        report.Line("load_cpu_per_million", (after.LoadCpuSeconds - before.LoadCpuSeconds) / millions);
        report.Line("server_cpu_per_million", (after.Server.CpuSeconds - before.Server.CpuSeconds) / millions);
        report.Line("rss_mb", after.Server.ResidentBytes / 1e6);
        report.Line("allocated_per_message", (after.AllocatedBytes - before.AllocatedBytes) / messages);
        report.Line("frames_per_write", (double)messages / (after.Writes - before.Writes));
        if (after.Reads > before.Reads)
            report.Line("deliveries_per_read", (double)messages / (after.Reads - before.Reads));
        report.Line("repeated", after.Repeated - before.Repeated);
        report.Line("overtaken", after.Overtaken - before.Overtaken);
    }

    private static long RoundUp(long count, int connections) => (count + connections - 1) / connections;

    /// <summary>All that is compared between the beginning and the end of the measured part; what nobody can tell is NaN.</summary>
    private readonly record struct Point(ProcessFigures Server, double LoadCpuSeconds, double AllocatedBytes, long Writes, long Reads, long Repeated, long Overtaken)
    {
        public static async Task<Point> TakeAsync(PublishOptions options, ServerFigures? server, Publisher[] publishers, Subscriber? subscriber, CancellationToken ct) => new(
            options.Target.ProcessId is { } pid ? ProcessFigures.Of(pid) : new ProcessFigures(double.NaN, 0, 0),
            Environment.CpuUsage.TotalTime.TotalSeconds,
            server is null ? double.NaN : await server.AllocatedBytesAsync(ct),
            publishers.Sum(publisher => publisher.Writes),
            subscriber?.Reads ?? 0,
            subscriber?.Deliveries.Repeated ?? 0,
            subscriber?.Deliveries.Overtaken ?? 0);
    }
}
