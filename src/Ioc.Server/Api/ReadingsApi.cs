using System.ComponentModel;
using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Profiles.Editions;
using Ioc.Storage;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>A stored reading, or a bucket of them.</summary>
/// <param name="At">When it was measured; for a bucket its start.</param>
/// <param name="Channel">Which of several; null where there is one.</param>
/// <param name="Value">Number, true/false, or a word of the metric.</param>
/// <param name="Quality">Doubts; empty for a good value.</param>
/// <param name="Consumption">What a counter's bucket counted, wraps and restarts included; null when that is not known, and for everything else.</param>
/// <param name="First">Where the counter stood at the bucket's first reading.</param>
/// <param name="Last">Where it stood at its last.</param>
public sealed record ReadingView(
    Instant At, string? Channel, object? Value, IReadOnlyList<string> Quality, double? Consumption = null, double? First = null, double? Last = null);

/// <summary>Readings of one metric of one device.</summary>
public sealed record ReadingsPage(string Device, string Metric, string Unit, IReadOnlyList<ReadingView> Items, string? Next);

/// <summary>History.</summary>
internal static class ReadingsApi
{
    private static readonly Duration DefaultSpan = Duration.FromHours(24);

    // A device's clock is believed when it is this far ahead; its newest reading must not be missing because of it.
    private static readonly Duration ClockAhead = Duration.FromMinutes(10);

    private static readonly Dictionary<string, Bucket> Buckets = new(StringComparer.Ordinal)
    {
        ["1m"] = Bucket.M1,
        ["15m"] = Bucket.M15,
        ["1h"] = Bucket.H1,
        ["1d"] = Bucket.D1,
    };

    public static void MapReadings(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/devices/{id}/readings", Read).WithSummary("Readings of one metric, from ≤ t < to, in order of time")
            .Produces<ReadingsPage>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<ReadingsPage> Read(
        DeviceRegistry registry,
        MetricCatalogue metrics,
        ChannelTable channels,
        TwinStore twins,
        DeviceViews views,
        IReadingStore store,
        ProfileEditions editions,
        IClock clock,
        string id,
        [FromQuery, Description("Name of the metric; may be left out when the device has only one")] string? metric,
        [FromQuery, Description("Only this channel")] string? channel,
        [FromQuery, Description("ISO 8601; default 24 hours ago, or before an earlier 'to'")] string? from,
        [FromQuery, Description("ISO 8601; default now, with room for clocks that are ahead")] string? to,
        [FromQuery, Description("1m, 15m, 1h or 1d (local days); without it the readings themselves")] string? every,
        [FromQuery, Description("mean, min, max, sum, count, last or first; default mean")] string? aggregate,
        [FromQuery, Description("Rows per page, 1 to 10000, default 100")] string? limit,
        [FromQuery, Description("The 'next' of the page before")] string? cursor,
        CancellationToken stopping)
    {
        Device device = DevicesApi.Find(registry, id);
        Metric wanted = WhichMetric(metrics, twins, device, metric);
        Instant now = clock.GetCurrentInstant();
        Instant until = Parameters.Time("to", to) ?? now + ClockAhead;
        Instant since = Parameters.Time("from", from) ?? Instant.Min(now, until) - DefaultSpan;
        if (since >= until)
            throw new BadParameterException("from", "'from' must be before 'to'.");

        Bucket? bucket = null;
        if (!string.IsNullOrEmpty(every))
            bucket = Buckets.TryGetValue(every, out Bucket width) ? width : throw new BadParameterException("every", $"'{every}' is none of {string.Join(", ", Buckets.Keys)}.");

        Aggregate how = Parameters.Word<Aggregate>("aggregate", aggregate) ?? (wanted.Type == MetricType.Position ? Aggregate.Last : Aggregate.Mean);
        if (wanted.Type == MetricType.Position && how is not (Aggregate.First or Aggregate.Last or Aggregate.Count))
            throw new BadParameterException("aggregate", $"'{wanted.Name}' is a place: it has a first, a last and a count.");
        if (bucket is null && !string.IsNullOrEmpty(aggregate))
            throw new BadParameterException("aggregate", "'aggregate' needs 'every'.");

        ChannelId? which = null;
        if (!string.IsNullOrEmpty(channel))
            which = channels.TryFind(channel, out ChannelId known) ? known : throw new BadParameterException("channel", $"No reading has the channel '{channel}'.");

        SeriesRule? rule = RuleOf(editions, device, wanted);
        var query = new ReadingQuery(device.Id, wanted.Id, which, since, until, bucket, how, Parameters.Limit(limit, 10_000), string.IsNullOrEmpty(cursor) ? null : cursor, bucket is null ? null : rule);
        ReadingPage page = await ReadAsync(store, query, stopping);

        // A mean of booleans or a count of words is a number, not a boolean or a word.
        bool asNumber = bucket is not null && how is not (Aggregate.Last or Aggregate.First or Aggregate.Min or Aggregate.Max);
        return new ReadingsPage(
            device.ApiId,
            wanted.Name,
            how == Aggregate.Count && bucket is not null ? "1" : wanted.Unit,
            [.. page.Items.Select(item => new ReadingView(
                item.At,
                views.NameOf(item.Channel),
                asNumber ? DeviceViews.Plain(item.Value) : DeviceViews.ValueOf(wanted, item.Value),
                Words.Of(item.Quality),
                item.Counted?.Sum is { } sum ? DeviceViews.Plain(sum) : null,
                item.Counted?.First,
                item.Counted?.Last))],
            page.Next);
    }

    // The profile's word wins over the metric's own.
    private static SeriesRule? RuleOf(ProfileEditions editions, Device device, Metric metric)
    {
        SeriesRule? rule = device.Profile is null ? null : editions.Current.Set.RuleOf(device.Profile, metric.Id);
        return (rule?.Kind ?? metric.Semantics) == Semantics.Counter ? rule ?? SeriesRule.PlainCounter : null;
    }

    private static async Task<ReadingPage> ReadAsync(IReadingStore store, ReadingQuery query, CancellationToken stopping)
    {
        try
        {
            return await store.ReadAsync(query, stopping);
        }
        catch (BadCursorException e)
        {
            throw new BadParameterException("cursor", e.Message);
        }
    }

    private static Metric WhichMetric(MetricCatalogue metrics, TwinStore twins, Device device, string? name)
    {
        if (!string.IsNullOrEmpty(name))
            return metrics.TryFind(name, out Metric? metric) ? metric : throw new BadParameterException("metric", $"The catalogue has no metric '{name}'.");

        List<MetricId> own = [.. twins.Read(device.Id).Latest.Select(reading => reading.Metric).Distinct()];
        return own.Count == 1
            ? metrics[own[0]]
            : throw new BadParameterException("metric", $"Name one of the device's {own.Count} metrics: {string.Join(", ", own.Select(id => metrics[id].Name))}.");
    }
}
