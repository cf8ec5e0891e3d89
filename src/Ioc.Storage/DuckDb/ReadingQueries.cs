using System.Globalization;
using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;
using NodaTime;

namespace Ioc.Storage.DuckDb;

/// <summary>The questions. Stateless; each call brings its connection.</summary>
internal sealed class ReadingQueries(DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels)
{
    // Parameters: 1 device, 2 metric, 3 channel (−1 for all), 4 from, 5 to, 6… the cursor, the last is the limit; buckets have width and origin before it.
    private const string Raw = """
        SELECT measured_at, c.name, value, quality, journal_offset, reading_index
        FROM reading JOIN channel c ON c.id = channel
        WHERE device = ?1 AND metric = ?2 AND (?3 = -1 OR channel = ?3) AND measured_at >= ?4 AND measured_at < ?5
          AND (measured_at, journal_offset, reading_index) > (?6, ?7::BIGINT, ?8::INTEGER)
        ORDER BY measured_at, journal_offset, reading_index LIMIT ?9
        """;

    private const string Buckets = """
        SELECT start, c.name, value, quality, channel::BIGINT FROM (
            SELECT time_bucket(to_microseconds(?6), measured_at, ?7) AS start, channel, AGGREGATE AS value, bit_or(quality) AS quality
            FROM reading
            WHERE device = ?1 AND metric = ?2 AND (?3 = -1 OR channel = ?3) AND measured_at >= ?4 AND measured_at < ?5
            GROUP BY start, channel) b JOIN channel c ON c.id = b.channel
        WHERE (start, channel::BIGINT) > (?8, ?9::BIGINT)
        ORDER BY start, channel LIMIT ?10
        """;

    // The same steps as CounterState takes, over stored readings in order of time; the stand before the range is looked for two months back.
    private const string CounterBuckets = """
        WITH usable AS (
            SELECT measured_at, channel, value FROM reading
            WHERE device = ?1 AND metric = ?2 AND (?3 = -1 OR channel = ?3) AND measured_at >= ?4::TIMESTAMP - INTERVAL 62 DAY AND measured_at < ?5 AND quality & 18 = 0
            QUALIFY row_number() OVER (PARTITION BY channel, measured_at ORDER BY journal_offset, reading_index) = 1),
        steps AS (
            SELECT measured_at, channel, value, lag(value) OVER (PARTITION BY channel ORDER BY measured_at) AS before FROM usable),
        counted AS (
            SELECT time_bucket(to_microseconds(?6), measured_at, ?7) AS start, channel, sum(CASE
                WHEN value >= before THEN value - before
                WHEN before - value <= 1e-12 * abs(before) THEN 0
                WHEN value - before + WRAP >= 0 AND value - before + WRAP <= NEAR THEN value - before + WRAP
                WHEN RESTARTS AND before IS NOT NULL AND value >= 0 THEN value END) AS counted
            FROM steps WHERE measured_at >= ?4 GROUP BY start, channel)
        SELECT b.start, c.name, b.value, b.quality, b.channel::BIGINT, coalesce(n.counted, 'nan'::DOUBLE), b.first, b.last FROM (
            SELECT time_bucket(to_microseconds(?6), measured_at, ?7) AS start, channel, AGGREGATE AS value, bit_or(quality) AS quality,
                arg_min(value, measured_at) AS first, arg_max(value, measured_at) AS last
            FROM reading
            WHERE device = ?1 AND metric = ?2 AND (?3 = -1 OR channel = ?3) AND measured_at >= ?4 AND measured_at < ?5
            GROUP BY start, channel) b
        JOIN channel c ON c.id = b.channel LEFT JOIN counted n ON n.start = b.start AND n.channel = b.channel
        WHERE (b.start, b.channel::BIGINT) > (?8, ?9::BIGINT)
        ORDER BY b.start, b.channel LIMIT ?10
        """;

    // Back-fill is history, never the latest value.
    private const string Latest = """
        SELECT d.source, d.key, m.name, c.name, l.newest, l.last.value, l.last.quality FROM (
            SELECT device, metric, channel, max(measured_at) AS newest, arg_max({'value': value, 'quality': quality}, measured_at) AS last
            FROM reading WHERE quality & 8 = 0 GROUP BY device, metric, channel) l
        JOIN device d ON d.id = l.device JOIN metric m ON m.id = l.metric JOIN channel c ON c.id = l.channel
        """;

    public ReadingPage Read(Connection connection, ReadingQuery query)
    {
        Device device = registry[query.Device];
        if (!TryNumber(connection, "SELECT id::BIGINT FROM device WHERE key = ? AND source = ?", out long deviceId, device.Key, device.Source)
            || !TryNumber(connection, "SELECT id::BIGINT FROM metric WHERE name = ?", out long metricId, metrics[query.Metric].Name))
        {
            return new ReadingPage([], null);
        }

        long channelId = -1;
        if (query.Channel is { } channel && !TryNumber(connection, "SELECT id::BIGINT FROM channel WHERE name = ?", out channelId, channels.NameOf(channel)))
            return new ReadingPage([], null);

        string sql = query.Every is null ? Raw : BucketsSql(query);
        using Statement statement = connection.Prepare(sql);
        statement.Bind(1, deviceId).Bind(2, metricId).Bind(3, channelId)
            .BindTimestamp(4, PendingGroup.Micros(query.From)).BindTimestamp(5, PendingGroup.Micros(query.To));
        return query.Every is { } every ? ReadBuckets(statement, query, every) : ReadRaw(statement, query);
    }

    public IReadOnlyList<Reading> ReadLatest(Connection connection)
    {
        var latest = new List<Reading>();
        using Statement statement = connection.Prepare(Latest);
        using QueryResult result = statement.Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                DeviceId device = registry.Find(Encoding.UTF8.GetBytes(result.Text(0, row)), Encoding.UTF8.GetBytes(result.Text(1, row)));
                if (device == DeviceId.None || !metrics.TryFind(result.Text(2, row), out Metric? metric))
                    continue;

                latest.Add(new Reading(
                    device, metric.Id, channels.GetOrAdd(result.Text(3, row)), result.Column<double>(5)[row],
                    At(result.Column<long>(4)[row]), (Quality)result.Column<ushort>(6)[row]));
            }
        }

        return latest;
    }

    private ReadingPage ReadRaw(Statement statement, ReadingQuery query)
    {
        long[] after = query.Cursor is null ? [PendingGroup.Micros(query.From) - 1, 0, 0] : PageCursor.Read(query.Cursor, 3);
        statement.BindTimestamp(6, after[0]).Bind(7, after[1]).Bind(8, after[2]).Bind(9, query.Limit + 1L);
        return ReadPage(statement, query.Limit, (result, row) =>
            PageCursor.Write(result.Column<long>(0)[row], result.Column<long>(4)[row], result.Column<int>(5)[row]));
    }

    private ReadingPage ReadBuckets(Statement statement, ReadingQuery query, Bucket every)
    {
        long[] after = query.Cursor is null ? [0, 0] : PageCursor.Read(query.Cursor, 2);
        statement.Bind(6, LocalDays.WidthOf(every).BclCompatibleTicks / 10).BindTimestamp(7, PendingGroup.Micros(LocalDays.Origin))
            .BindTimestamp(8, after[0]).Bind(9, after[1]).Bind(10, query.Limit + 1L);
        return ReadPage(
            statement,
            query.Limit,
            (result, row) => PageCursor.Write(result.Column<long>(0)[row], result.Column<long>(4)[row]),
            query.Counter is null ? null : CountedOf);
    }

    private static CountedSpan CountedOf(QueryResult result, int row)
    {
        double sum = result.Column<double>(5)[row];
        return new CountedSpan(double.IsNaN(sum) ? null : sum, result.Column<double>(6)[row], result.Column<double>(7)[row]);
    }

    // Numbers of a profile, not texts of a caller: they are written into the statement.
    private static string BucketsSql(ReadingQuery query)
    {
        string sql = (query.Counter is null ? Buckets : CounterBuckets).Replace("AGGREGATE", AggregateSql(query.Aggregate), StringComparison.Ordinal);
        return query.Counter is not { } rule ? sql : sql
            .Replace("WRAP", Number(double.IsFinite(rule.Wrap) ? rule.Wrap : 0), StringComparison.Ordinal)
            .Replace("NEAR", Number(double.IsFinite(rule.Wrap) ? rule.MaxWrapStep : -1), StringComparison.Ordinal)
            .Replace("RESTARTS", rule.Restarts ? "true" : "false", StringComparison.Ordinal);
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture) + "::DOUBLE";

    // One row more than the page holds was asked for: it tells whether there is a next page.
    private ReadingPage ReadPage(Statement statement, int limit, Func<QueryResult, int, string> cursorOf, Func<QueryResult, int, CountedSpan>? countedOf = null)
    {
        var items = new List<StoredReading>();
        string? last = null;
        using QueryResult result = statement.Execute();
        while (result.Next())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                if (items.Count == limit)
                    return new ReadingPage(items, last);

                items.Add(new StoredReading(
                    At(result.Column<long>(0)[row]), channels.GetOrAdd(result.Text(1, row)),
                    result.Column<double>(2)[row], (Quality)result.Column<ushort>(3)[row], countedOf?.Invoke(result, row)));
                if (items.Count == limit)
                    last = cursorOf(result, row);
            }
        }

        return new ReadingPage(items, null);
    }

    private static string AggregateSql(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Mean => "avg(value)",
        Aggregate.Min => "min(value)",
        Aggregate.Max => "max(value)",
        Aggregate.Sum => "sum(value)",
        Aggregate.Count => "count(*)::DOUBLE",
        Aggregate.Last => "arg_max(value, measured_at)",
        Aggregate.First => "arg_min(value, measured_at)",
        _ => throw new ArgumentOutOfRangeException(nameof(aggregate), aggregate, "No such aggregate."),
    };

    private static bool TryNumber(Connection connection, string sql, out long number, params ReadOnlySpan<string> names)
    {
        using Statement statement = connection.Prepare(sql);
        for (int i = 0; i < names.Length; i++)
            statement.Bind(i + 1, names[i]);

        using QueryResult result = statement.Execute();
        bool found = result.Next();
        number = found ? result.Column<long>(0)[0] : -1;
        return found;
    }

    private static Instant At(long micros) => Instant.FromUnixTimeTicks(micros * 10);
}
