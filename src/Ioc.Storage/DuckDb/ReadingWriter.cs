using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;

namespace Ioc.Storage.DuckDb;

/// <summary>Commits groups: judges their readings, then writes new names, rows, counts and cursor in one transaction. One thread at a time.</summary>
internal sealed class ReadingWriter(DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels) : IDisposable
{
    private const string Newest = """
        SELECT device, metric, channel, max(measured_at) FROM reading WHERE measured_at <> received_at GROUP BY device, metric, channel
        """;

    private readonly IdentityTables _identities = new(registry, metrics, channels);
    private readonly SeriesIndex _index = new();
    private DuplicateFilter? _filter;
    private SeriesKey[] _series = new SeriesKey[4096];
    private Verdict[] _verdicts = new Verdict[4096];
    private Connection? _connection;
    private BalanceCounts? _judged;
    private bool _hasFailed;

    /// <summary>Takes over names, series and balance of a file just opened.</summary>
    public BalanceCounts Open(Connection connection)
    {
        _connection = connection;
        _filter = new DuplicateFilter(_index);
        ReadingSchema.Ensure(connection);
        _identities.Load(connection);
        using Statement statement = connection.Prepare(Newest);
        using QueryResult result = statement.Execute();
        while (result.Next())
        {
            ReadOnlySpan<int> device = result.Column<int>(0);
            ReadOnlySpan<short> metric = result.Column<short>(1);
            ReadOnlySpan<ushort> channel = result.Column<ushort>(2);
            ReadOnlySpan<long> newest = result.Column<long>(3);
            for (int row = 0; row < result.RowCount; row++)
                _index.Load(new SeriesKey(device[row], metric[row], channel[row]), newest[row]);
        }

        return ReadingSchema.ReadBalance(connection);
    }

    /// <summary>Goes on with a new connection after the old one died. What was judged stays judged.</summary>
    public void Reconnect(Connection connection)
    {
        _connection?.Dispose();
        _connection = connection;
    }

    /// <summary>Commits a group. After an exception nothing of it is stored, or all: the next call with the same group finds out.</summary>
    /// <returns>The balance that was committed with it.</returns>
    public BalanceCounts Commit(PendingGroup group, BalanceCounts before)
    {
        BalanceCounts after = _judged ??= Judge(group, before);
        if (_hasFailed && ReadingSchema.ReadBalance(_connection!).NextOffset == after.NextOffset)
            return Committed(after);

        try
        {
            _connection!.Execute("BEGIN");
            _identities.WriteNew(_connection);
            WriteRows(group);
            WriteOutcomes(group);
            ReadingSchema.WriteBalance(_connection, before, after);
            _connection.Execute("COMMIT");
        }
        catch (DuckDbException)
        {
            _hasFailed = true;
            Rollback();
            throw;
        }

        return Committed(after);
    }

    /// <summary>Work on the writer's own connection between two groups, with the names and series that its transactions go by.</summary>
    /// <exception cref="StorageException">A group waits to be committed again: live messages go first.</exception>
    public void Between(Action<Connection, IdentityTables, SeriesIndex> work)
    {
        if (_judged is not null || _connection is null)
            throw new StorageException("The reading store cannot write at present; live messages go first.");

        work(_connection, _identities, _index);
    }

    public void Dispose() => _connection?.Dispose();

    private BalanceCounts Committed(BalanceCounts after)
    {
        _identities.Committed();
        _judged = null;
        _hasFailed = false;
        return after;
    }

    // A failed COMMIT has already rolled back, and says so when asked again.
    private void Rollback()
    {
        try
        {
            _connection!.Execute("ROLLBACK");
        }
        catch (DuckDbException)
        {
        }
    }

    private BalanceCounts Judge(PendingGroup group, BalanceCounts before)
    {
        if (_series.Length < group.ReadingCount)
        {
            _series = new SeriesKey[group.ReadingCount * 2];
            _verdicts = new Verdict[group.ReadingCount * 2];
        }

        for (int i = 0; i < group.ReadingCount; i++)
            _series[i] = new SeriesKey(_identities.Of(group.Devices[i]), (short)_identities.Of(group.Metrics[i]), (ushort)_identities.Of(group.Channels[i]));

        _filter!.Judge(group, _series, _verdicts, FindStored);

        var tally = new OutcomeTally(before);
        foreach (ref readonly PendingMessage message in group.Messages)
        {
            ReadOnlySpan<Verdict> verdicts = _verdicts.AsSpan(message.FirstReading, message.ReadingCount);
            tally.Add(message, verdicts.Length - verdicts.Count(Verdict.Duplicate));
        }

        return tally.Counts(group.NextOffset);
    }

    private void FindStored(IReadOnlyList<SeriesTime> times, Action<int, double> found)
    {
        _connection!.Execute("CREATE OR REPLACE TEMP TABLE asked (position INTEGER, device INTEGER, metric SMALLINT, channel USMALLINT, measured_at TIMESTAMP)");
        using (Appender appender = _connection.Append("asked", ColumnType.Integer, ColumnType.Integer, ColumnType.SmallInt, ColumnType.USmallInt, ColumnType.Timestamp))
        {
            for (int start = 0; start < times.Count; start += Appender.ChunkRows)
            {
                int rowCount = Math.Min(Appender.ChunkRows, times.Count - start);
                for (int row = 0; row < rowCount; row++)
                {
                    SeriesTime time = times[start + row];
                    appender.Column<int>(0)[row] = start + row;
                    appender.Column<int>(1)[row] = time.Series.Device;
                    appender.Column<short>(2)[row] = time.Series.Metric;
                    appender.Column<ushort>(3)[row] = time.Series.Channel;
                    appender.Column<long>(4)[row] = time.Micros;
                }

                appender.Add(rowCount);
            }

            appender.Flush();
        }

        // The bounds of time let DuckDB skip every row group outside them.
        using Statement statement = _connection.Prepare("""
            SELECT a.position, r.value FROM reading r JOIN asked a
            ON r.device = a.device AND r.metric = a.metric AND r.channel = a.channel AND r.measured_at = a.measured_at
            WHERE r.measured_at BETWEEN ? AND ? AND r.measured_at <> r.received_at
            """);
        using QueryResult result = statement.BindTimestamp(1, times.Min(time => time.Micros)).BindTimestamp(2, times.Max(time => time.Micros)).Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
                found(result.Column<int>(0)[row], result.Column<double>(1)[row]);
        }
    }

    // What a message with readings counts as can be seen from its rows; of the others only this says it.
    private void WriteOutcomes(PendingGroup group)
    {
        Appender? appender = null;
        int row = 0;
        try
        {
            foreach (ref readonly PendingMessage message in group.Messages)
            {
                ReadOnlySpan<Verdict> verdicts = _verdicts.AsSpan(message.FirstReading, message.ReadingCount);
                int keptCount = verdicts.Length - verdicts.Count(Verdict.Duplicate);
                if (keptCount > 0)
                    continue;

                appender ??= _connection!.Append("outcome", ColumnType.BigInt, ColumnType.USmallInt, ColumnType.USmallInt);
                appender.Column<long>(0)[row] = message.Offset;
                appender.Column<ushort>(1)[row] = (ushort)OutcomeTally.OutcomeOf(message, keptCount);
                appender.Column<ushort>(2)[row] = (ushort)message.Reason;
                if (++row < Appender.ChunkRows)
                    continue;

                appender.Add(row);
                row = 0;
            }

            if (row > 0)
                appender!.Add(row);
            appender?.Flush();
        }
        finally
        {
            appender?.Dispose();
        }
    }

    private void WriteRows(PendingGroup group)
    {
        using Appender appender = _connection!.Append(
            "reading",
            ColumnType.Integer, ColumnType.SmallInt, ColumnType.USmallInt, ColumnType.Timestamp, ColumnType.Timestamp,
            ColumnType.Double, ColumnType.USmallInt, ColumnType.BigInt, ColumnType.Integer);
        var chunk = new ReadingChunk(appender);
        foreach (ref readonly PendingMessage message in group.Messages)
        {
            for (int i = 0; i < message.ReadingCount; i++)
            {
                int reading = message.FirstReading + i;
                if (_verdicts[reading] == Verdict.Duplicate)
                    continue;

                Quality quality = group.Qualities[reading] | (_verdicts[reading] == Verdict.Conflict ? Quality.Conflict : Quality.Good);
                chunk.Add(_series[reading], group.MeasuredMicros[reading], message, group.Values[reading], quality, i);
            }
        }

        chunk.Complete();
        appender.Flush();
    }
}
