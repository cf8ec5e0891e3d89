using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>Reads the audit.</summary>
public sealed class AuditLedger
{
    private readonly OperationalDatabase _database;

    internal AuditLedger(OperationalDatabase database) => _database = database;

    /// <summary>A page, newest first.</summary>
    /// <param name="device">Only this device, by API id; null for all.</param>
    /// <param name="before">Only rows before this id; null from the newest on.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<AuditRow>> ReadAsync(string? device, long? before, int limit, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        IQueryable<AuditRow> rows = context.Set<AuditRow>();
        if (device is not null)
            rows = rows.Where(row => row.Device == device);
        if (before is { } id)
            rows = rows.Where(row => row.Id < id);

        return await rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken);
    }
}
