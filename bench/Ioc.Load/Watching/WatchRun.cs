using System.Diagnostics;
using Ioc.Load.Figures;

namespace Ioc.Load.Watching;

/// <summary>Looks at a server every few seconds while others load it, keeps what it saw as CSV, and judges at the end.</summary>
internal static class WatchRun
{
    private const int FewestSamples = 8;

    /// <returns>Whether everything stayed flat.</returns>
    public static async Task<bool> RunAsync(int processId, Uri web, TimeSpan duration, TimeSpan period, string csv, CancellationToken ct)
    {
        using var http = new HttpClient();
        var server = new ServerFigures(http, web);
        var samples = new List<Sample>();
        await using var file = new StreamWriter(csv) { AutoFlush = true };
        await file.WriteLineAsync(Sample.Header);
        using var timer = new PeriodicTimer(period);
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration && await timer.WaitForNextTickAsync(ct))
        {
            string metrics = await server.MetricsAsync(ct);
            (long received, long inFlight, _) = await server.BalanceAsync(ct);
            samples.Add(Sample.Of(Stopwatch.GetElapsedTime(started), ProcessFigures.Of(processId), metrics, inFlight, received));
            await file.WriteLineAsync(samples[^1].ToCsv());
        }

        return Judge(samples, Console.Out);
    }

    /// <summary>Prints the medians and the verdict. The first fifth, in which code is compiled and pools and caches fill, is not judged.</summary>
    internal static bool Judge(IReadOnlyList<Sample> samples, TextWriter output)
    {
        Sample[] judged = [.. samples.Skip(samples.Count / 5)];
        if (judged.Length < FewestSamples)
        {
            output.WriteLine($"{judged.Length} samples are too few for a verdict");
            return false;
        }

        Flatness[] figures =
        [
            // The store's memory and the runtime's move by tens of megabytes with each collection and checkpoint.
            Flatness.Of("RSS MB", [.. judged.Select(sample => sample.ResidentMegabytes)], share: 0.10, floor: 16),
            Flatness.Of("managed heap MB", [.. judged.Select(sample => sample.HeapMegabytes)], share: 0.10, floor: 8),
            Flatness.Of("handles", [.. judged.Select(sample => (double)sample.Handles)], share: 0.05, floor: 16),
            Flatness.Of("lag messages", [.. judged.Select(sample => (double)sample.Lag)], share: 1, floor: 20_000),
        ];
        Sample first = judged[0], last = judged[^1];
        double messages = last.Received - first.Received;
        output.WriteLine(FormattableString.Invariant($"{messages:0} messages in {last.Seconds - first.Seconds:0} s, {(last.CpuSeconds - first.CpuSeconds) / messages * 1e6:0.0} CPU s per million; journal {first.JournalMegabytes:0} to {last.JournalMegabytes:0} MB"));
        output.WriteLine("| figure | median of first quarter | of last quarter | may grow by | |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (Flatness figure in figures)
            output.WriteLine(FormattableString.Invariant($"| {figure.Name} | {figure.First:0.0} | {figure.Last:0.0} | {figure.Tolerated:0.0} | {(figure.IsFlat ? "flat" : "NOT FLAT")} |"));

        bool isFlat = figures.All(figure => figure.IsFlat);
        output.WriteLine(isFlat ? "verdict: flat" : "verdict: not flat");
        return isFlat;
    }
}
