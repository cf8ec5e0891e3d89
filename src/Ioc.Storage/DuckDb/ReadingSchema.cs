using Ioc.Devices.Readings;
using Ioc.Storage.DuckDb.Native;

namespace Ioc.Storage.DuckDb;

/// <summary>The tables, and the one row that says how far they go.</summary>
/// <remarks>
/// No keys or indexes: one writer, which knows what is there. Rows lie in order of arrival, so a range of time is a range of row groups.
/// A reading was stamped by its device's clock exactly when measured_at differs from received_at.
/// </remarks>
internal static class ReadingSchema
{
    private const int Version = 1;

    private const string Tables = """
        CREATE TABLE device (id INTEGER NOT NULL, source VARCHAR NOT NULL, key VARCHAR NOT NULL);
        CREATE TABLE metric (id INTEGER NOT NULL, name VARCHAR NOT NULL);
        CREATE TABLE channel (id INTEGER NOT NULL, name VARCHAR NOT NULL);
        CREATE TABLE reading (
            device INTEGER NOT NULL, metric SMALLINT NOT NULL, channel USMALLINT NOT NULL,
            measured_at TIMESTAMP NOT NULL, received_at TIMESTAMP NOT NULL,
            value DOUBLE NOT NULL, quality USMALLINT NOT NULL,
            journal_offset BIGINT NOT NULL, reading_index INTEGER NOT NULL);
        CREATE TABLE progress (next_offset BIGINT NOT NULL, stored BIGINT NOT NULL, ignored BIGINT NOT NULL, duplicate BIGINT NOT NULL);
        CREATE TABLE quarantined (reason VARCHAR NOT NULL, messages BIGINT NOT NULL);
        CREATE TABLE format (version BIGINT NOT NULL);
        INSERT INTO channel VALUES (0, '');
        INSERT INTO progress VALUES (0, 0, 0, 0);
        """;

    /// <summary>Creates the tables of a new file, or checks those of an old one.</summary>
    public static void Ensure(Connection connection)
    {
        if (Scalar(connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'format'") == 0)
            connection.Execute($"BEGIN; {Tables} INSERT INTO format VALUES ({Version}); COMMIT;");

        long found = Scalar(connection, "SELECT max(version) FROM format");
        if (found != Version)
            throw new StorageException($"The reading store has format {found}; this program reads format {Version}.");

        connection.Execute(ReplaySchema.Tables);
    }

    public static BalanceCounts ReadBalance(Connection connection)
    {
        var quarantined = new Dictionary<QuarantineReason, long>();
        using (Statement statement = connection.Prepare("SELECT reason, messages FROM quarantined"))
        using (QueryResult result = statement.Execute())
        {
            while (result.Next())
            {
                for (int row = 0; row < result.RowCount; row++)
                    quarantined[Enum.Parse<QuarantineReason>(result.Text(0, row))] = result.Column<long>(1)[row];
            }
        }

        using Statement progress = connection.Prepare("SELECT next_offset, stored, ignored, duplicate FROM progress");
        using QueryResult only = progress.Execute();
        if (!only.Next())
            throw new StorageException("The reading store has lost its cursor.");

        return new BalanceCounts(only.Column<long>(0)[0], only.Column<long>(1)[0], only.Column<long>(2)[0], only.Column<long>(3)[0], quarantined);
    }

    /// <summary>Moves the cursor and its counts, inside the transaction of the rows they count.</summary>
    public static void WriteBalance(Connection connection, BalanceCounts before, BalanceCounts balance)
    {
        connection.Execute(FormattableString.Invariant(
            $"UPDATE progress SET next_offset = {balance.NextOffset}, stored = {balance.Stored}, ignored = {balance.Ignored}, duplicate = {balance.Duplicate}"));
        if (ReferenceEquals(balance.Quarantined, before.Quarantined))
            return;

        connection.Execute("DELETE FROM quarantined");
        if (balance.Quarantined.Count == 0)
            return;

        string rows = string.Join(", ", balance.Quarantined.Select(entry => FormattableString.Invariant($"('{entry.Key}', {entry.Value})")));
        connection.Execute($"INSERT INTO quarantined VALUES {rows}");
    }

    private static long Scalar(Connection connection, string sql)
    {
        using Statement statement = connection.Prepare(sql);
        using QueryResult result = statement.Execute();
        return result.Next() ? result.Column<long>(0)[0] : 0;
    }
}
