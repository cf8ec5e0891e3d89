using System.Text.Json;
using Ioc.Devices.Readings;
using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>Cursor and counts of a consumer whose own store cannot keep them in the transaction of its rows.</summary>
internal sealed class ProgressLedger(OperationalDatabase database)
{
    public async Task<BalanceCounts> LoadAsync(string consumer, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        ConsumerProgress? row = await context.Progress.FirstOrDefaultAsync(progress => progress.Consumer == consumer, cancellationToken);
        if (row is null)
            return BalanceCounts.Empty;

        Dictionary<string, long> quarantined = JsonSerializer.Deserialize<Dictionary<string, long>>(row.Quarantined) ?? [];
        return new BalanceCounts(
            row.NextOffset, row.Stored, row.Ignored, row.Duplicate,
            quarantined.ToDictionary(entry => Enum.Parse<QuarantineReason>(entry.Key), entry => entry.Value));
    }

    public async Task SaveAsync(string consumer, BalanceCounts balance, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        await SetAsync(context, consumer, progress =>
        {
            progress.NextOffset = balance.NextOffset;
            progress.Stored = balance.Stored;
            progress.Ignored = balance.Ignored;
            progress.Duplicate = balance.Duplicate;
            progress.Quarantined = JsonSerializer.Serialize(balance.Quarantined.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value));
        }, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Changes a consumer's row, made when missing, with the next save of the context.</summary>
    public static async Task SetAsync(OperationalContext context, string consumer, Action<ConsumerProgress> change, CancellationToken cancellationToken)
    {
        ConsumerProgress? row = await context.Progress.AsTracking().FirstOrDefaultAsync(progress => progress.Consumer == consumer, cancellationToken);
        if (row is null)
            context.Progress.Add(row = new ConsumerProgress { Consumer = consumer });

        change(row);
    }
}
