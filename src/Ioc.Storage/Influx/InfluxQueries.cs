using System.Globalization;
using System.Text;
using System.Text.Json;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Storage.Influx;

/// <summary>The questions in InfluxQL. A page's cursor is the time it ended at and how many items of that time it had.</summary>
/// <remarks>What a counter's bucket counted is not told: InfluxQL knows no wraps and no restarts, and half an answer would be a wrong one. Buckets carry the doubts of one of their readings: InfluxQL cannot combine flags, but a bucket without doubts has none.</remarks>
internal sealed class InfluxQueries(InfluxClient client, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels)
{
    public async Task<ReadingPage> ReadRawAsync(ReadingQuery query, CancellationToken cancellationToken)
    {
        (long from, int skip) = Start(query);
        string influxQl = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT \"value\", \"quality\", \"channel\" FROM {Measurement(query)} WHERE {Where(query, from)} ORDER BY time LIMIT {query.Limit + skip + 1L}");
        using JsonDocument answer = await client.QueryAsync(influxQl, Values(query), cancellationToken);
        return Page(Rows(answer), query.Limit, skip);
    }

    public async Task<ReadingPage> ReadBucketsAsync(ReadingQuery query, Bucket every, CancellationToken cancellationToken)
    {
        (long from, int skip) = Start(query);
        from = Math.Max(from, Nanoseconds(query.From));
        Duration width = LocalDays.WidthOf(every);
        long offset = (long)(LocalDays.Origin - Instant.FromUnixTimeTicks(0)).TotalSeconds % (long)width.TotalSeconds;
        string influxQl = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {Function(query.Aggregate)}(\"value\"), max(\"quality\") FROM {Measurement(query)} WHERE {Where(query, from)} GROUP BY time({(long)width.TotalSeconds}s, {offset}s), \"channel\" fill(none) LIMIT {query.Limit + skip + 1L}");
        using JsonDocument answer = await client.QueryAsync(influxQl, Values(query), cancellationToken);

        // Each channel is a series of its own in the answer; the page has them by time.
        IEnumerable<Row> rows = Rows(answer).OrderBy(row => row.Nanoseconds).ThenBy(row => row.Channel, StringComparer.Ordinal);
        return Page(rows, query.Limit, skip);
    }

    public async Task<IReadOnlyList<Reading>> ReadLatestAsync(CancellationToken cancellationToken)
    {
        string influxQl = $"SELECT last(\"value\"), \"quality\" FROM /.*/ WHERE \"quality\" & {(int)Quality.Historical} = 0 GROUP BY \"channel\", \"device\", \"source\"";
        using JsonDocument answer = await client.QueryAsync(influxQl, new Dictionary<string, string>(), cancellationToken);
        var latest = new List<Reading>();
        foreach (Row row in Rows(answer))
        {
            DeviceId device = registry.Find(Encoding.UTF8.GetBytes(row.Source), Encoding.UTF8.GetBytes(row.Device));
            if (device != DeviceId.None && metrics.TryFind(row.Measurement, out Metric? metric))
                latest.Add(new Reading(device, metric.Id, channels.GetOrAdd(row.Channel), row.Value, At(row.Nanoseconds), row.Quality));
        }

        return latest;
    }

    private ReadingPage Page(IEnumerable<Row> rows, int limit, int skip)
    {
        var items = new List<StoredReading>();
        long last = 0;
        int sameTime = 0;
        int position = 0;
        foreach (Row row in rows)
        {
            if (items.Count == limit)
                return new ReadingPage(items, PageCursor.Write(last, sameTime));

            sameTime = row.Nanoseconds == last ? sameTime + 1 : 1;
            last = row.Nanoseconds;
            if (position++ >= skip)
                items.Add(new StoredReading(At(row.Nanoseconds), channels.GetOrAdd(row.Channel), row.Value, row.Quality));
        }

        return new ReadingPage(items, null);
    }

    private static (long From, int Skip) Start(ReadingQuery query)
    {
        if (query.Cursor is null)
            return (Nanoseconds(query.From), 0);

        long[] parts = PageCursor.Read(query.Cursor, 2);
        return parts[1] is >= 0 and <= 1_000_000 ? (parts[0], (int)parts[1]) : throw new BadCursorException(query.Cursor);
    }

    private string Measurement(ReadingQuery query) => $"\"{metrics[query.Metric].Name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Where(ReadingQuery query, long from)
    {
        string channel = query.Channel is null ? "" : " AND \"channel\" = $channel";
        return string.Create(CultureInfo.InvariantCulture, $"\"device\" = $device AND \"source\" = $source{channel} AND time >= {from} AND time < {Nanoseconds(query.To)}");
    }

    private Dictionary<string, string> Values(ReadingQuery query)
    {
        Device device = registry[query.Device];
        var values = new Dictionary<string, string> { ["device"] = TagText.Encode(device.Key), ["source"] = TagText.Encode(device.Source) };
        if (query.Channel is { } channel)
            values["channel"] = TagText.Encode(channels.NameOf(channel));

        return values;
    }

    private static string Function(Aggregate aggregate) => aggregate.ToString().ToLowerInvariant();

    private static long Nanoseconds(Instant instant) => PendingGroup.Micros(instant) * 1_000;

    private static Instant At(long nanoseconds) => Instant.FromUnixTimeTicks(nanoseconds / 1_000 * 10);

    private readonly record struct Row(string Measurement, string Device, string Source, string Channel, long Nanoseconds, double Value, Quality Quality);

    // Columns are time, value, quality, and the channel where it was selected; tags where they were grouped by.
    private static IEnumerable<Row> Rows(JsonDocument answer)
    {
        foreach (JsonElement result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            if (!result.TryGetProperty("series", out JsonElement all))
                continue;

            foreach (JsonElement series in all.EnumerateArray())
            {
                foreach (JsonElement values in series.GetProperty("values").EnumerateArray())
                {
                    // A measurement that somebody else writes need not have our fields.
                    if (values[1].ValueKind != JsonValueKind.Number || values[2].ValueKind != JsonValueKind.Number)
                        continue;

                    string channel = values.GetArrayLength() > 3 ? TagText.Decode(values[3].GetString() ?? "") : Tag(series, "channel");
                    yield return new Row(
                        series.GetProperty("name").GetString()!, Tag(series, "device"), Tag(series, "source"), channel,
                        values[0].GetInt64(), values[1].GetDouble(), (Quality)values[2].GetInt32());
                }
            }
        }
    }

    private static string Tag(JsonElement series, string name) =>
        series.TryGetProperty("tags", out JsonElement tags) && tags.TryGetProperty(name, out JsonElement value) ? TagText.Decode(value.GetString() ?? "") : "";
}
