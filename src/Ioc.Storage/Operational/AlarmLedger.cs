using Ioc.Alarms.Lifecycle;
using Microsoft.EntityFrameworkCore;

namespace Ioc.Storage.Operational;

/// <summary>Alarms and the alarm engine's cursor.</summary>
internal sealed class AlarmLedger(OperationalDatabase database) : IAlarmLedger
{
    private const string Consumer = "alarms";

    public async Task<AlarmSnapshot> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        List<Alarm> open = await context.Alarms.Where(alarm => alarm.State != AlarmState.Normal).OrderBy(alarm => alarm.Id).ToListAsync(cancellationToken);
        long lastId = await context.Alarms.MaxAsync(alarm => (long?)alarm.Id, cancellationToken) ?? 0;
        ConsumerProgress? progress = await context.Progress.FirstOrDefaultAsync(row => row.Consumer == Consumer, cancellationToken);
        return new AlarmSnapshot(open, progress?.NextOffset ?? 0, lastId);
    }

    public async Task SaveAsync(IReadOnlyList<Alarm> changes, long nextOffset, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        long[] ids = [.. changes.Select(alarm => alarm.Id)];
        HashSet<long> known = [.. await context.Alarms.Where(alarm => ids.Contains(alarm.Id)).Select(alarm => alarm.Id).ToListAsync(cancellationToken)];
        foreach (Alarm alarm in changes)
            context.Entry(alarm).State = known.Contains(alarm.Id) ? EntityState.Modified : EntityState.Added;

        // One SaveChanges is one transaction: alarms and cursor, or neither.
        await ProgressLedger.SetAsync(context, Consumer, progress => progress.NextOffset = nextOffset, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<Alarm?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        return await context.Alarms.FirstOrDefaultAsync(alarm => alarm.Id == id, cancellationToken);
    }

    public async Task<IReadOnlyList<Alarm>> QueryAsync(AlarmQuery query, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await database.ContextAsync(cancellationToken);
        IQueryable<Alarm> alarms = context.Alarms;
        if (query.State is { } state)
            alarms = alarms.Where(alarm => alarm.State == state);
        if (query.Device is { } device)
            alarms = alarms.Where(alarm => alarm.Device == device);
        if (query.From is { } from)
            alarms = alarms.Where(alarm => alarm.RaisedAt >= from);
        if (query.To is { } to)
            alarms = alarms.Where(alarm => alarm.RaisedAt < to);
        if (query.BeforeId is { } before)
            alarms = alarms.Where(alarm => alarm.Id < before);

        return await alarms.OrderByDescending(alarm => alarm.Id).Take(query.Limit).ToListAsync(cancellationToken);
    }
}
