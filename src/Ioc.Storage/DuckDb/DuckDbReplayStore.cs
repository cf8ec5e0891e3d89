using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;
using Ioc.Storage.Replay;
using NodaTime;

namespace Ioc.Storage.DuckDb;

/// <summary>Replays over the file of the readings: staging and comparing beside the writer, each step between two of its commits.</summary>
internal sealed class DuckDbReplayStore(DuckDbReadingStore store, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels) : IReplayStore
{
    private const int MaxListed = 20;

    private readonly ReplayCommit _commit = new(metrics, channels);
    private ReplayStaging _staging = new(registry, metrics, channels);

    public string? Refusal => null;

    public Task<ReplayPlan?> FindPlanAsync(CancellationToken cancellationToken) => store.QueryAsync(ReplayPlanTable.Read, cancellationToken);

    public async Task BeginAsync(ReplayPlan plan, CancellationToken cancellationToken)
    {
        await RefuseWhileBoundAsync(cancellationToken);
        _staging = new ReplayStaging(registry, metrics, channels);
        await WriteAsync(connection =>
        {
            connection.Execute(ReplaySchema.Fresh);
            ReplayPlanTable.Write(connection, plan);
        }, cancellationToken);
    }

    public Task<IReadOnlySet<long>> OffsetsOfAsync(Device device, long from, long to, CancellationToken cancellationToken) => store.QueryAsync<IReadOnlySet<long>>(connection =>
    {
        var offsets = new HashSet<long>();
        using Statement statement = connection.Prepare("""
            SELECT DISTINCT journal_offset FROM reading
            WHERE journal_offset >= ? AND journal_offset < ? AND device = (SELECT id FROM device WHERE source = ? AND key = ?)
            """);
        using QueryResult result = statement.Bind(1, from).Bind(2, to).Bind(3, device.Source).Bind(4, device.Key).Execute();
        while (result.Next())
            offsets.UnionWith(result.Column<long>(0).ToArray());

        return offsets;
    }, cancellationToken);

    public Task StageAsync(ReadingBatch batch, IReadOnlyList<QuarantineReason?> chosen, DeviceRegistry registry, CancellationToken cancellationToken) => store.QueryAsync(connection =>
    {
        _staging.Write(connection, batch, chosen, registry);
        return true;
    }, cancellationToken);

    public async Task<ReplayPlan> CompareAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(connection =>
        {
            long comparedUntil = ReadingSchema.ReadBalance(connection).NextOffset;
            foreach (string step in ReplayComparison.Steps)
                connection.Execute(step);
            connection.Execute(ReplayComparison.Names);

            (ReplayDifference difference, string content) = ReadDifference(connection);
            ReplayPlan plan = ReplayPlanTable.Read(connection)!;
            string whole = string.Create(CultureInfo.InvariantCulture, $"{plan.Selection}\n{plan.Profiles}\n{plan.Horizon}\n{difference.Messages}\n{content}");
            ReplayPlanTable.Ready(connection, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..16], difference, comparedUntil);
        }, cancellationToken);
        return (await FindPlanAsync(cancellationToken))!;
    }

    public async Task<ReplayPlan> ApproveAsync(string token, string by, Func<NewDevice, DeviceId> resolve, CancellationToken cancellationToken)
    {
        await store.BetweenCommitsAsync((connection, names, _, balance) =>
        {
            _commit.Approve(connection, names, token, by, resolve);
            return balance;
        }).WaitAsync(cancellationToken);
        return (await FindPlanAsync(cancellationToken))!;
    }

    public async Task<ReplayStep?> CommitStepAsync(int messageCount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReplayStep? step = null;
        await store.BetweenCommitsAsync((connection, _, series, balance) => _commit.Commit(connection, series, balance, messageCount, out step));
        return step;
    }

    public Task<IReadOnlyList<AmendedMessage>> AmendedAsync(long fromOffset, int limit, CancellationToken cancellationToken) => store.QueryAsync<IReadOnlyList<AmendedMessage>>(connection =>
    {
        var amended = new List<AmendedMessage>();
        using Statement statement = connection.Prepare("""
            SELECT c.journal_offset, c.received_at, c.outcome::BIGINT, c.reason::BIGINT, COALESCE(n.first, '')
            FROM replay_change c LEFT JOIN replay_name n ON n.kind = 3 AND n.number = c.detail
            WHERE c.journal_offset >= ? ORDER BY c.journal_offset LIMIT ?
            """);
        using QueryResult result = statement.Bind(1, fromOffset).Bind(2, limit).Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                amended.Add(new AmendedMessage(
                    result.Column<long>(0)[row], At(result.Column<long>(1)[row]), (MessageOutcome)result.Column<long>(2)[row], (QuarantineReason)result.Column<long>(3)[row], result.Text(4, row)));
            }
        }

        return amended;
    }, cancellationToken);

    public Task<IReadOnlyList<NewestReading>> NewestAsync(CancellationToken cancellationToken) => store.QueryAsync<IReadOnlyList<NewestReading>>(ReadNewest, cancellationToken);

    public Task FinishAsync(CancellationToken cancellationToken) => WriteAsync(connection =>
    {
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE replay_plan SET state = {(int)ReplayState.Done}"));
        connection.Execute(ReplaySchema.Drop);
    }, cancellationToken);

    public async Task DiscardAsync(CancellationToken cancellationToken)
    {
        await RefuseWhileBoundAsync(cancellationToken);
        await WriteAsync(connection =>
        {
            connection.Execute("DELETE FROM replay_plan");
            connection.Execute(ReplaySchema.Drop);
        }, cancellationToken);
    }

    public Task ForgetBelowAsync(long offset, CancellationToken cancellationToken) => store.BetweenCommitsAsync((connection, _, _, balance) =>
    {
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM outcome WHERE journal_offset < {offset}; DELETE FROM redecoded WHERE journal_offset < {offset}"));
        return balance;
    }).WaitAsync(cancellationToken);

    public Task<IReadOnlyList<ReadingPlace>> LocateAsync(DeviceId device, MetricId metric, ChannelId? channel, Instant at, CancellationToken cancellationToken) =>
        store.QueryAsync<IReadOnlyList<ReadingPlace>>(connection =>
        {
            var places = new List<ReadingPlace>();
            using Statement statement = connection.Prepare("""
                SELECT r.journal_offset, r.reading_index, r.received_at, r.measured_at, c.name, r.value, r.quality
                FROM reading r JOIN channel c ON c.id = r.channel
                WHERE r.device = (SELECT id FROM device WHERE source = ?1 AND key = ?2) AND r.metric = (SELECT id FROM metric WHERE name = ?3)
                    AND (?4 = 0 OR c.name = ?5) AND r.measured_at = ?6
                ORDER BY r.journal_offset, r.reading_index LIMIT 100
                """);
            statement.Bind(1, registry[device].Source).Bind(2, registry[device].Key).Bind(3, metrics[metric].Name)
                .Bind(4, channel is null ? 0 : 1).Bind(5, channel is { } only ? channels.NameOf(only) : "").BindTimestamp(6, PendingGroup.Micros(at));
            using QueryResult result = statement.Execute();
            while (result.Next())
            {
                for (int row = 0; row < result.RowCount; row++)
                {
                    places.Add(new ReadingPlace(
                        result.Column<long>(0)[row], result.Column<int>(1)[row], At(result.Column<long>(2)[row]), At(result.Column<long>(3)[row]),
                        channels.GetOrAdd(result.Text(4, row)), result.Column<double>(5)[row], (Quality)result.Column<ushort>(6)[row]));
                }
            }

            return places;
        }, cancellationToken);

    public Task<StoredMessage> FindMessageAsync(long offset, CancellationToken cancellationToken) => store.QueryAsync(connection =>
    {
        using Statement statement = connection.Prepare("""
            SELECT (SELECT count(*) FROM reading WHERE journal_offset = ?1), COALESCE((SELECT max(outcome) FROM outcome WHERE journal_offset = ?1), 255)::BIGINT,
                COALESCE((SELECT max(reason) FROM outcome WHERE journal_offset = ?1), 0)::BIGINT, COALESCE((SELECT max(replay) FROM redecoded WHERE journal_offset = ?1), -1),
                COALESCE((SELECT arg_max(profiles, replay) FROM redecoded WHERE journal_offset = ?1), '')
            """);
        using QueryResult row = statement.Bind(1, offset).Execute();
        row.Next();
        long readingCount = row.Column<long>(0)[0];
        long outcome = row.Column<long>(1)[0];
        long replay = row.Column<long>(3)[0];
        return new StoredMessage(
            readingCount,
            outcome != 255 ? (MessageOutcome)outcome : readingCount > 0 ? MessageOutcome.Stored : null,
            (QuarantineReason)row.Column<long>(2)[0],
            replay < 0 ? null : replay,
            replay < 0 ? null : row.Text(4, 0));
    }, cancellationToken);

    private static Instant At(long micros) => Instant.FromUnixTimeTicks(micros * 10);

    private static IEnumerable<T> Rows<T>(Connection connection, string sql, Func<QueryResult, int, T> read)
    {
        using Statement statement = connection.Prepare(sql);
        using QueryResult result = statement.Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
                yield return read(result, row);
        }
    }

    private static (ReplayDifference Difference, string Content) ReadDifference(Connection connection)
    {
        long seriesCount = 0;
        List<SeriesDifference> series = [.. Rows(connection, ReplayComparison.Series, (result, row) =>
        {
            seriesCount = result.Column<long>(6)[row];
            return new SeriesDifference(
                result.Text(0, row), result.Text(1, row), result.Text(2, row), result.Column<long>(3)[row], result.Column<long>(4)[row], result.Column<long>(5)[row]);
        })];
        List<OutcomeDifference> outcomes = [.. Rows(connection, ReplayComparison.Outcomes, (result, row) => new OutcomeDifference(
            (MessageOutcome)result.Column<long>(0)[row], (QuarantineReason)result.Column<long>(1)[row],
            (MessageOutcome)result.Column<long>(2)[row], (QuarantineReason)result.Column<long>(3)[row], result.Column<long>(4)[row], result.Column<long>(5)[row]))];
        List<ReadingDifference> examples = [.. Rows(connection, ReplayComparison.Examples, (result, row) => new ReadingDifference(
            result.Column<long>(0)[row], result.Text(1, row), result.Text(2, row), result.Text(3, row), result.Text(4, row), At(result.Column<long>(5)[row]),
            result.Column<long>(8)[row] == 1 ? result.Column<double>(6)[row] : null, result.Column<long>(9)[row] == 1 ? result.Column<double>(7)[row] : null))];
        List<string> devices = [.. Rows(connection, "SELECT second FROM replay_name WHERE kind = 0 AND family <> '' ORDER BY number", (result, row) => result.Text(0, row))];
        return Rows(connection, ReplayComparison.Totals, (result, row) =>
        {
            long Count(int column) => result.Column<long>(column)[row];
            return (
                new ReplayDifference(
                    Count(0), Count(1), Count(2), Count(3), Count(4), Count(5), Count(6), Count(7), series, seriesCount, outcomes, examples, [.. devices.Take(MaxListed)], devices.Count),
                result.Text(8, row));
        }).Single();
    }

    private List<NewestReading> ReadNewest(Connection connection) =>
    [
        .. Rows(connection, """
            WITH s AS (SELECT device, metric, channel FROM replay_final UNION SELECT device, metric, channel FROM replay_gone),
            newest AS (
                SELECT r.*, row_number() OVER (PARTITION BY r.device, r.metric, r.channel ORDER BY r.measured_at DESC, r.journal_offset DESC, r.reading_index DESC) AS nth
                FROM reading r SEMI JOIN s ON s.device = r.device AND s.metric = r.metric AND s.channel = r.channel WHERE r.quality & 8 = 0)
            SELECT d.source, d.key, m.name, c.name, (n.device IS NOT NULL)::BIGINT, COALESCE(n.value, 0), COALESCE(n.measured_at, TIMESTAMP '1970-01-01'),
                COALESCE(n.quality, 0)::USMALLINT, COALESCE(n.journal_offset, -1)
            FROM s JOIN device d ON d.id = s.device JOIN metric m ON m.id = s.metric JOIN channel c ON c.id = s.channel
            LEFT JOIN newest n ON n.nth = 1 AND n.device = s.device AND n.metric = s.metric AND n.channel = s.channel
            """, NewestOf).OfType<NewestReading>(),
    ];

    private NewestReading? NewestOf(QueryResult result, int row)
    {
        DeviceId device = registry.Find(Encoding.UTF8.GetBytes(result.Text(0, row)), Encoding.UTF8.GetBytes(result.Text(1, row)));
        if (device == DeviceId.None || !metrics.TryFind(result.Text(2, row), out Metric? metric))
            return null;

        ChannelId channel = channels.GetOrAdd(result.Text(3, row));
        Reading? reading = result.Column<long>(4)[row] == 0
            ? null
            : new Reading(device, metric.Id, channel, result.Column<double>(5)[row], At(result.Column<long>(6)[row]), (Quality)result.Column<ushort>(7)[row]);
        return new NewestReading(device, metric.Id, channel, reading, result.Column<long>(8)[row]);
    }

    private async Task RefuseWhileBoundAsync(CancellationToken cancellationToken)
    {
        if (await FindPlanAsync(cancellationToken) is { State: ReplayState.Committing or ReplayState.Applied })
            throw new ReplayRefusedException("A replay is being committed; wait until it is done.");
    }

    // Beside the writer, on a connection of its own: its tables are nobody else's.
    private Task WriteAsync(Action<Connection> work, CancellationToken cancellationToken) => store.QueryAsync(connection =>
    {
        connection.Execute("BEGIN");
        try
        {
            work(connection);
            connection.Execute("COMMIT");
            return true;
        }
        catch
        {
            try
            {
                connection.Execute("ROLLBACK");
            }
            catch (DuckDbException)
            {
                // What failed has already rolled back.
            }

            throw;
        }
    }, cancellationToken);
}
