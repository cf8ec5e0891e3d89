using Ioc.Broker;
using Ioc.Storage.Operational;

namespace Ioc.Server.Pipeline;

/// <summary>Keeps what the broker refused over a restart: the balance shows it beside its sum.</summary>
internal sealed class Refusals(BrokerCounters broker, RefusalLedger ledger)
{
    private long _savedTotal;

    public async Task RestoreAsync(CancellationToken stopping)
    {
        broker.RestoreRefused(await ledger.LoadAsync(stopping));
        _savedTotal = broker.RefusedByReason.Values.Sum();
    }

    /// <summary>Saves the counts if one has risen since the last call.</summary>
    public async Task SaveAsync(CancellationToken stopping)
    {
        IReadOnlyDictionary<string, long> counts = broker.RefusedByReason;
        long total = counts.Values.Sum();
        if (total == _savedTotal)
            return;

        await ledger.SaveAsync(counts, stopping);
        _savedTotal = total;
    }
}
