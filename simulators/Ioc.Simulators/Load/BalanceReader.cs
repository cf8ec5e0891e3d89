using System.Text.Json;

namespace Ioc.Simulators.Load;

/// <summary>Reads the server's ingest balance, to tell what became of a load.</summary>
internal sealed class BalanceReader(HttpClient http, Uri server)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public async Task<Balance> ReadAsync(CancellationToken ct)
    {
        await using Stream body = await http.GetStreamAsync(new Uri(server, "/api/ingest/balance"), ct);
        using JsonDocument json = await JsonDocument.ParseAsync(body, cancellationToken: ct);
        return Balance.Of(json.RootElement);
    }

    /// <summary>The balance once nothing is in flight, or as it stands when patience is over.</summary>
    public async Task<Balance> WaitUntilSettledAsync(TimeSpan patience, CancellationToken ct)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(ct);
        bounded.CancelAfter(patience);
        Balance balance = await ReadAsync(ct);
        while (balance.InFlight > 0 && !bounded.IsCancellationRequested)
        {
            await Task.Delay(Poll, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            balance = await ReadAsync(ct);
        }

        return balance;
    }
}

/// <summary>The figures of GET /api/ingest/balance that a load needs.</summary>
internal readonly record struct Balance(long Received, long Stored, long InFlight, long Difference)
{
    public static Balance Of(JsonElement json) => new(
        json.GetProperty("received").GetInt64(), json.GetProperty("stored").GetInt64(),
        json.GetProperty("inFlight").GetInt64(), json.GetProperty("difference").GetInt64());
}
