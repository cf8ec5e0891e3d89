using Ioc.Devices.Readings;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>A message set aside. Its bytes stay in the journal, under the same offset.</summary>
/// <param name="Offset">Its position in the journal.</param>
/// <param name="ReceivedAt">Arrival time.</param>
/// <param name="DeviceApiId">Whose message, as far as known.</param>
/// <param name="Topic">Where it was published, as far as known.</param>
/// <param name="Reason">Why it was set aside.</param>
/// <param name="Detail">Names profile and field; never payload content.</param>
public sealed record QuarantineEntry(long Offset, Instant ReceivedAt, string? DeviceApiId, string? Topic, QuarantineReason Reason, string Detail);

/// <summary>One page of set-aside messages.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">Cursor of the next page; null when this is the last.</param>
public sealed record QuarantinePage(IReadOnlyList<QuarantineEntry> Items, string? Next);

/// <summary>The list of set-aside messages that people look through. Bounded; how many there ever were is the balance's to say.</summary>
public sealed class QuarantineIndex
{
    private readonly OperationalDatabase _database;
    private readonly int _maxRows;

    internal QuarantineIndex(OperationalDatabase database, int maxRows)
    {
        _database = database;
        _maxRows = maxRows;
    }

    /// <summary>Adds entries; those whose offset is known stay as they are. The oldest beyond the bound are dropped.</summary>
    public async Task AddAsync(IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return;

        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        long first = entries.Min(entry => entry.Offset);
        long last = entries.Max(entry => entry.Offset);
        HashSet<long> known = [.. await context.Quarantine.Where(row => row.Offset >= first && row.Offset <= last).Select(row => row.Offset).ToListAsync(cancellationToken)];
        context.Quarantine.AddRange(entries.Where(entry => known.Add(entry.Offset)));
        await context.SaveChangesAsync(cancellationToken);

        long? oldest = await context.Quarantine.OrderByDescending(row => row.Offset).Skip(_maxRows).Select(row => (long?)row.Offset).FirstOrDefaultAsync(cancellationToken);
        if (oldest is { } cut)
            await context.Quarantine.Where(row => row.Offset <= cut).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>A page, newest first.</summary>
    /// <param name="reason">Only this reason; null for all.</param>
    /// <param name="limit">Most items, at least 1.</param>
    /// <param name="cursor">Where the last page ended; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadCursorException">The cursor was not given out by this list.</exception>
    public async Task<QuarantinePage> ReadAsync(QuarantineReason? reason, int limit, string? cursor, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        IQueryable<QuarantineEntry> rows = context.Quarantine;
        if (reason is { } only)
            rows = rows.Where(row => row.Reason == only);
        if (cursor is not null)
        {
            long before = PageCursor.Read(cursor, 1)[0];
            rows = rows.Where(row => row.Offset < before);
        }

        List<QuarantineEntry> items = await rows.OrderByDescending(row => row.Offset).Take(limit + 1).ToListAsync(cancellationToken);
        if (items.Count <= limit)
            return new QuarantinePage(items, null);

        items.RemoveAt(limit);
        return new QuarantinePage(items, PageCursor.Write(items[^1].Offset));
    }
}
