using System.Globalization;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Storage.DuckDb.Native;
using Ioc.Storage.Replay;

namespace Ioc.Storage.DuckDb;

/// <summary>Carries a plan into the tables of the readings. Runs on the writer's thread, between two commits of live messages.</summary>
internal sealed class ReplayCommit(MetricCatalogue metrics, ChannelTable channels)
{
    // Readings that live messages have brought since the comparison, of the same series and device time: it would have judged otherwise.
    private const string Overtaken = """
        SELECT count(*) FROM reading r SEMI JOIN replay_final f ON f.device = r.device AND f.metric = r.metric AND f.channel = r.channel AND f.measured_at = r.measured_at
        WHERE r.journal_offset >= (SELECT compared_until FROM replay_plan) AND r.measured_at <> r.received_at
        """;

    /// <summary>Gives names their numbers in the file and makes the plan binding.</summary>
    public void Approve(Connection connection, IdentityTables names, string token, string by, Func<NewDevice, DeviceId> resolve)
    {
        if (ReplayPlanTable.Read(connection) is not { } plan || plan.Token != token || plan.Token.Length == 0)
            throw new ReplayRefusedException("This comparison is no longer the current one. Compare again.");
        if (plan.State != ReplayState.Ready)
            throw new ReplayRefusedException("This comparison has been committed.");

        List<(int Kind, long Old, int New)> numbers = [.. Unnumbered(connection).Select(name => (name.Kind, name.Id, NumberOf(name, names, resolve)))];
        InTransaction(connection, () =>
        {
            names.WriteNew(connection);
            foreach ((int kind, long old, int @new) in numbers)
                Renumber(connection, kind, old, @new);

            if (Scalar(connection, Overtaken) > 0)
                throw new ReplayRefusedException("Readings of the same series and times have arrived since. Compare again.");

            ReplayPlanTable.Approved(connection, by);
        });
        names.Committed();
    }

    /// <summary>Carries out the next step.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="series">Forgets what it remembers of the series touched.</param>
    /// <param name="before">The balance.</param>
    /// <param name="messageCount">Most messages.</param>
    /// <param name="step">What was done; null when nothing was left.</param>
    /// <returns>The balance after the step.</returns>
    public BalanceCounts Commit(Connection connection, SeriesIndex series, BalanceCounts before, int messageCount, out ReplayStep? step)
    {
        ReplayPlan plan = ReplayPlanTable.Read(connection) is { State: ReplayState.Committing } found ? found : throw new ReplayRefusedException("No comparison is being committed.");
        (long first, long last, long count) = NextRange(connection, messageCount);
        if (count == 0)
        {
            ReplayPlanTable.Move(connection, ReplayState.Applied, first, plan.DoneCount);
            step = null;
            return before;
        }

        BalanceCounts after = Moved(connection, before, first, last);
        InTransaction(connection, () =>
        {
            connection.Execute(Step(first, last));
            ReadingSchema.WriteBalance(connection, before, after);
            ReplayPlanTable.Move(connection, ReplayState.Committing, last + 1, plan.DoneCount + count);
        });
        Forget(connection, series, first, last);
        step = new ReplayStep(count, plan.DoneCount + count);
        return after;
    }

    private static string Step(long first, long last) => string.Create(CultureInfo.InvariantCulture, $"""
        DELETE FROM reading WHERE journal_offset BETWEEN {first} AND {last}
            AND journal_offset IN (SELECT journal_offset FROM replay_change WHERE rows_differ AND journal_offset BETWEEN {first} AND {last});
        INSERT INTO reading SELECT f.device, f.metric, f.channel, f.measured_at, f.received_at, f.value, f.quality, f.journal_offset, f.reading_index
            FROM replay_final f WHERE f.journal_offset BETWEEN {first} AND {last} ORDER BY f.journal_offset, f.reading_index;
        DELETE FROM outcome WHERE journal_offset BETWEEN {first} AND {last}
            AND journal_offset IN (SELECT journal_offset FROM replay_change WHERE journal_offset BETWEEN {first} AND {last});
        INSERT INTO outcome SELECT journal_offset, outcome, reason FROM replay_change WHERE NOT has_rows AND journal_offset BETWEEN {first} AND {last};
        INSERT INTO redecoded SELECT c.journal_offset, p.id, p.profiles FROM replay_change c, replay_plan p WHERE c.journal_offset BETWEEN {first} AND {last};
        """);

    private static (long First, long Last, long Count) NextRange(Connection connection, int messageCount)
    {
        using Statement statement = connection.Prepare("""
            SELECT (SELECT next_offset FROM replay_plan), COALESCE(max(journal_offset), 0), count(*) FROM (
                SELECT journal_offset FROM replay_change WHERE journal_offset >= (SELECT next_offset FROM replay_plan) ORDER BY journal_offset LIMIT ?)
            """);
        using QueryResult row = statement.Bind(1, messageCount).Execute();
        row.Next();
        return (row.Column<long>(0)[0], row.Column<long>(1)[0], row.Column<long>(2)[0]);
    }

    // Each message of the step moves from the count it was in to another.
    private static BalanceCounts Moved(Connection connection, BalanceCounts before, long first, long last)
    {
        long stored = before.Stored;
        long ignored = before.Ignored;
        long duplicate = before.Duplicate;
        var quarantined = new Dictionary<QuarantineReason, long>(before.Quarantined);
        void Count(MessageOutcome outcome, QuarantineReason reason, long count)
        {
            switch (outcome)
            {
                case MessageOutcome.Stored: stored += count; break;
                case MessageOutcome.Ignored: ignored += count; break;
                case MessageOutcome.Duplicate: duplicate += count; break;
                default: quarantined[reason] = quarantined.GetValueOrDefault(reason) + count; break;
            }
        }

        using Statement statement = connection.Prepare("""
            SELECT was_outcome::BIGINT, was_reason::BIGINT, outcome::BIGINT, reason::BIGINT, count(*) FROM replay_change
            WHERE journal_offset BETWEEN ? AND ? GROUP BY ALL
            """);
        using QueryResult result = statement.Bind(1, first).Bind(2, last).Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                long count = result.Column<long>(4)[row];
                Count((MessageOutcome)result.Column<long>(0)[row], (QuarantineReason)result.Column<long>(1)[row], -count);
                Count((MessageOutcome)result.Column<long>(2)[row], (QuarantineReason)result.Column<long>(3)[row], count);
            }
        }

        foreach (QuarantineReason reason in quarantined.Where(entry => entry.Value == 0).Select(entry => entry.Key).ToArray())
            quarantined.Remove(reason);
        return new BalanceCounts(before.NextOffset, stored, ignored, duplicate, quarantined);
    }

    // What the filter of duplicates remembers of these series may be gone, and newer times may have come: from now on it asks the file.
    private static void Forget(Connection connection, SeriesIndex series, long first, long last)
    {
        using Statement statement = connection.Prepare("""
            SELECT device::INTEGER, metric::SMALLINT, channel::USMALLINT, max(measured_at) FROM (
                SELECT device, metric, channel, measured_at FROM replay_final WHERE journal_offset BETWEEN ?1 AND ?2
                UNION ALL SELECT device, metric, channel, measured_at FROM replay_gone WHERE journal_offset BETWEEN ?1 AND ?2) GROUP BY ALL
            """);
        using QueryResult result = statement.Bind(1, first).Bind(2, last).Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                var key = new SeriesKey(result.Column<int>(0)[row], result.Column<short>(1)[row], result.Column<ushort>(2)[row]);
                series.Load(key, Math.Max(result.Column<long>(3)[row], series[series.PlaceOf(key)].Newest));
            }
        }
    }

    private static List<(int Kind, long Id, string First, string Second, string Profile, string Family)> Unnumbered(Connection connection)
    {
        var names = new List<(int, long, string, string, string, string)>();
        using Statement statement = connection.Prepare("""
            SELECT m.kind, m.id::BIGINT, n.first, n.second, n.profile, n.family FROM replay_map m JOIN replay_name n ON n.kind = m.kind AND n.number = m.number
            WHERE m.id < 0 ORDER BY m.kind, n.number
            """);
        using QueryResult result = statement.Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
                names.Add(((int)result.Column<long>(0)[row], result.Column<long>(1)[row], result.Text(2, row), result.Text(3, row), result.Text(4, row), result.Text(5, row)));
        }

        return names;
    }

    private int NumberOf((int Kind, long Id, string First, string Second, string Profile, string Family) name, IdentityTables names, Func<NewDevice, DeviceId> resolve)
    {
        switch (name.Kind)
        {
            case ReplayComparison.DeviceName:
                DeviceId device = resolve(new NewDevice(name.First, name.Second, name.Profile, name.Family));
                return device != DeviceId.None ? names.Of(device) : throw new ReplayRefusedException($"Device '{name.Second}' may not be created any more. Compare again.");
            case ReplayComparison.MetricName:
                return metrics.TryFind(name.First, out Metric? metric) ? names.Of(metric.Id) : throw new ReplayRefusedException($"The catalogue has lost the metric '{name.First}'. Compare again.");
            default:
                return names.Of(channels.GetOrAdd(name.First));
        }
    }

    private static void Renumber(Connection connection, int kind, long old, int @new)
    {
        string column = kind switch { ReplayComparison.DeviceName => "device", ReplayComparison.MetricName => "metric", _ => "channel" };
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture, $"UPDATE replay_final SET {column} = {@new} WHERE {column} = {old}; UPDATE replay_map SET id = {@new} WHERE kind = {kind} AND id = {old}"));
    }

    private static long Scalar(Connection connection, string sql)
    {
        using Statement statement = connection.Prepare(sql);
        using QueryResult result = statement.Execute();
        return result.Next() ? result.Column<long>(0)[0] : 0;
    }

    private static void InTransaction(Connection connection, Action work)
    {
        connection.Execute("BEGIN");
        try
        {
            work();
            connection.Execute("COMMIT");
        }
        catch
        {
            try
            {
                connection.Execute("ROLLBACK");
            }
            catch (DuckDbException)
            {
                // A failed COMMIT has already rolled back, and says so when asked again.
            }

            throw;
        }
    }
}
