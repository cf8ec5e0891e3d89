using Ioc.Devices.Readings;
using Microsoft.Data.Sqlite;
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
public sealed class QuarantineIndex : IDisposable
{
    private readonly OperationalDatabase _database;
    private readonly int _maxRows;

    // One writer at a time: the pipeline adds, a replay takes away.
    private readonly SemaphoreSlim _writing = new(1);

    // Rows in the table as of the last commit; null when that is not known and they must be counted.
    private long? _rows;

    internal QuarantineIndex(OperationalDatabase database, int maxRows)
    {
        _database = database;
        _maxRows = maxRows;
    }

    /// <summary>Adds entries; those whose offset is known stay as they are. The oldest beyond the bound are dropped.</summary>
    public Task AddAsync(IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken) => AmendAsync([], entries, cancellationToken);

    /// <summary>Takes entries away and adds others, in one transaction. Doing it again changes nothing.</summary>
    /// <param name="gone">Offsets whose entries go, if there are any.</param>
    /// <param name="entries">Added as <see cref="AddAsync"/> does, after those went.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AmendAsync(IReadOnlyList<long> gone, IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0 && gone.Count == 0)
            return;

        await _writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(gone, entries, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The entry of a message; null when it was not set aside, or so long ago that the index has dropped it.</summary>
    public async Task<QuarantineEntry?> FindAsync(long offset, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        return await context.Quarantine.FirstOrDefaultAsync(row => row.Offset == offset, cancellationToken);
    }

    /// <summary>The entries of a run of offsets, in their order.</summary>
    /// <param name="from">First offset.</param>
    /// <param name="to">First offset left out.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<QuarantineEntry>> BetweenAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        return await context.Quarantine.Where(row => row.Offset >= from && row.Offset < to).OrderBy(row => row.Offset).ToListAsync(cancellationToken);
    }

    private async Task WriteAsync(IReadOnlyList<long> gone, IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)context.Database.GetDbConnection();
        long known = _rows ?? await context.Quarantine.LongCountAsync(cancellationToken);

        // Past the change tracker, which costs ten times the insert: a flood of garbage must not hold up the store behind it.
        _rows = null;
        await using SqliteTransaction transaction = connection.BeginTransaction();
        long rows = known - Remove(connection, transaction, gone) + Insert(connection, transaction, entries);
        if (rows > _maxRows)
            rows -= DropOldest(connection, transaction, rows - _maxRows);
        await transaction.CommitAsync(cancellationToken);
        _rows = rows;
    }

    /// <summary>A page, newest first.</summary>
    /// <param name="reason">Only this reason; null for all.</param>
    /// <param name="detail">Only this detail; null for all.</param>
    /// <param name="limit">Most items, at least 1.</param>
    /// <param name="cursor">Where the last page ended; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadCursorException">The cursor was not given out by this list.</exception>
    public async Task<QuarantinePage> ReadAsync(QuarantineReason? reason, string? detail, int limit, string? cursor, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        IQueryable<QuarantineEntry> rows = context.Quarantine;
        if (reason is { } only)
            rows = rows.Where(row => row.Reason == only);
        if (detail is not null)
            rows = rows.Where(row => row.Detail == detail);
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

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private static int Remove(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<long> gone)
    {
        using SqliteCommand remove = connection.CreateCommand();
        remove.Transaction = transaction;
        remove.CommandText = """DELETE FROM "Quarantine" WHERE "Offset" = $offset""";
        SqliteParameter offset = remove.Parameters.Add("$offset", SqliteType.Integer);
        int removed = 0;
        foreach (long one in gone)
        {
            offset.Value = one;
            removed += remove.ExecuteNonQuery();
        }

        return removed;
    }

    private static int Insert(SqliteConnection connection, SqliteTransaction transaction, IReadOnlyList<QuarantineEntry> entries)
    {
        using SqliteCommand insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = """
            INSERT OR IGNORE INTO "Quarantine" ("Offset", "ReceivedAt", "DeviceApiId", "Topic", "Reason", "Detail")
            VALUES ($offset, $receivedAt, $device, $topic, $reason, $detail)
            """;
        SqliteParameter offset = insert.Parameters.Add("$offset", SqliteType.Integer);
        SqliteParameter receivedAt = insert.Parameters.Add("$receivedAt", SqliteType.Integer);
        SqliteParameter device = insert.Parameters.Add("$device", SqliteType.Text);
        SqliteParameter topic = insert.Parameters.Add("$topic", SqliteType.Text);
        SqliteParameter reason = insert.Parameters.Add("$reason", SqliteType.Text);
        SqliteParameter detail = insert.Parameters.Add("$detail", SqliteType.Text);

        int inserted = 0;
        foreach (QuarantineEntry entry in entries)
        {
            offset.Value = entry.Offset;
            receivedAt.Value = entry.ReceivedAt.ToUnixTimeTicks();
            device.Value = (object?)entry.DeviceApiId ?? DBNull.Value;
            topic.Value = (object?)entry.Topic ?? DBNull.Value;
            reason.Value = entry.Reason.ToString();
            detail.Value = entry.Detail;
            inserted += insert.ExecuteNonQuery();
        }

        return inserted;
    }

    private static int DropOldest(SqliteConnection connection, SqliteTransaction transaction, long count)
    {
        using SqliteCommand drop = connection.CreateCommand();
        drop.Transaction = transaction;
        drop.CommandText = """DELETE FROM "Quarantine" WHERE "Offset" IN (SELECT "Offset" FROM "Quarantine" ORDER BY "Offset" LIMIT $count)""";
        drop.Parameters.AddWithValue("$count", count);
        return drop.ExecuteNonQuery();
    }
}
