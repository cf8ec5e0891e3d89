using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>Keeps the counts of refusals over a restart. They stand outside the balance's sum; a crash may lose the last second of them.</summary>
public sealed class RefusalLedger
{
    private readonly OperationalDatabase _database;

    internal RefusalLedger(OperationalDatabase database) => _database = database;

    /// <summary>The counts by reason as last saved.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        return await context.Refusals.ToDictionaryAsync(row => row.Reason, row => row.Count, cancellationToken);
    }

    /// <summary>Writes the counts; each replaces the one before.</summary>
    public async Task SaveAsync(IReadOnlyDictionary<string, long> counts, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        Dictionary<string, RefusalCount> rows = await context.Refusals.AsTracking().ToDictionaryAsync(row => row.Reason, cancellationToken);
        foreach ((string reason, long count) in counts)
        {
            if (rows.TryGetValue(reason, out RefusalCount? row))
                row.Count = count;
            else
                context.Refusals.Add(new RefusalCount { Reason = reason, Count = count });
        }

        await context.SaveChangesAsync(cancellationToken);
    }
}
