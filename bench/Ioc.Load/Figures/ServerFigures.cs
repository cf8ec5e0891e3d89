using System.Globalization;
using System.Text.Json;

namespace Ioc.Load.Figures;

/// <summary>Asks our own server what it counts itself. A peer has no such door, and its figures stay unknown.</summary>
internal sealed class ServerFigures(HttpClient http, Uri server)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>All metrics in the Prometheus text format.</summary>
    public Task<string> MetricsAsync(CancellationToken ct) => http.GetStringAsync(new Uri(server, "/metrics"), ct);

    /// <summary>Bytes allocated on the managed heap since the server began.</summary>
    public async Task<double> AllocatedBytesAsync(CancellationToken ct) =>
        ValueOf(await MetricsAsync(ct), "dotnet_gc_heap_total_allocated_bytes_total");

    /// <summary>Messages received, and those not yet dealt with behind the journal.</summary>
    public async Task<(long Received, long InFlight, long Difference)> BalanceAsync(CancellationToken ct)
    {
        using JsonDocument json = JsonDocument.Parse(await http.GetStringAsync(new Uri(server, "/api/ingest/balance"), ct));
        JsonElement root = json.RootElement;
        return (root.GetProperty("received").GetInt64(), root.GetProperty("inFlight").GetInt64(), root.GetProperty("difference").GetInt64());
    }

    /// <summary>Waits until everything received is dealt with; false when it was not within <paramref name="patience"/>.</summary>
    public async Task<bool> SettledAsync(TimeSpan patience, CancellationToken ct)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bounded.CancelAfter(patience);
        while (!bounded.IsCancellationRequested)
        {
            if ((await BalanceAsync(ct)).InFlight == 0)
                return true;
            await Task.Delay(Poll, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ct.ThrowIfCancellationRequested();
        return false;
    }

    /// <summary>The sum of a metric's series in the Prometheus text format; NaN when there is none.</summary>
    public static double ValueOf(string metrics, string name)
    {
        double sum = double.NaN;
        foreach (string line in metrics.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
                sum = (double.IsNaN(sum) ? 0 : sum) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }

        return sum;
    }
}
