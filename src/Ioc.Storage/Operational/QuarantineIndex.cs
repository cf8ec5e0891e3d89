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
public sealed class QuarantineIndex
{
    private readonly OperationalDatabase _database;
    private readonly int _maxRows;

    // Rows in the table as of the last commit; null when that is not known and they must be counted.
    private long? _rows;

    internal QuarantineIndex(OperationalDatabase database, int maxRows)
    {
        _database = database;
        _maxRows = maxRows;
    }

    /// <summary>Adds entries; those whose offset is known stay as they are. The oldest beyond the bound are dropped. One caller at a time.</summary>
    public async Task AddAsync(IReadOnlyList<QuarantineEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
            return;

        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        var connection = (SqliteConnection)context.Database.GetDbConnection();
        long known = _rows ?? await context.Quarantine.LongCountAsync(cancellationToken);

        // Past the change tracker, which costs ten times the insert: a flood of garbage must not hold up the store behind it.
        _rows = null;
        await using SqliteTransaction transaction = connection.BeginTransaction();
        long rows = known + Insert(connection, transaction, entries);
        if (rows > _maxRows)
            rows -= DropOldest(connection, transaction, rows - _maxRows);
        await transaction.CommitAsync(cancellationToken);
        _rows = rows;
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
