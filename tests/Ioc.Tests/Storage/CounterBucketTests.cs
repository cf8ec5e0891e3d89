using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class CounterBucketTests : IDisposable
{
    private static readonly Instant Hour = Instant.FromUtc(2026, 11, 23, 5, 0);

    private readonly TemporaryFolder _folder = new();
    private readonly StorageWorld _world = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_hour_of_a_meter_is_what_it_counted_and_not_where_it_stood()
    {
        await using DuckDbReadingStore store = await StoreAsync((-30, 100), (10, 101), (50, 103), (70, 103.5), (130, 104));

        IReadOnlyList<StoredReading> hours = await ReadAsync(store, SeriesRule.PlainCounter);

        // The step of 70 began in the hour before and counts where it ends.
        Assert.Equal([3.0, 0.5, 0.5], hours.Select(hour => hour.Counted!.Value.Sum));
        Assert.Equal([(101.0, 103.0), (103.5, 103.5), (104.0, 104.0)], hours.Select(hour => (hour.Counted!.Value.First, hour.Counted.Value.Last)));
    }

    [Fact]
    public async Task A_register_whose_first_reading_it_is_has_counted_nothing_known()
    {
        await using DuckDbReadingStore store = await StoreAsync((10, 101));
        Assert.Null((await ReadAsync(store, SeriesRule.PlainCounter))[0].Counted!.Value.Sum);
    }

    [Fact]
    public async Task Wraps_restarts_and_another_meter_are_told_apart()
    {
        await using DuckDbReadingStore store = await StoreAsync((0, 65_000), (10, 65_500), (20, 14), (30, 20));

        Assert.Equal(500 + 50 + 6, (await ReadAsync(store, new SeriesRule(Semantics.Counter, 65_536)))[0].Counted!.Value.Sum);
        Assert.Equal(500 + 14 + 6, (await ReadAsync(store, new SeriesRule(Semantics.Counter, IsVolatile: true)))[0].Counted!.Value.Sum);
        Assert.Equal(500 + 6, (await ReadAsync(store, SeriesRule.PlainCounter))[0].Counted!.Value.Sum);
    }

    [Fact]
    public async Task Bad_values_do_not_count_and_a_gauge_has_no_consumption()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(_folder.File("readings.duckdb"));
        await FillAsync(store, (0, 10, Quality.Good), (1, 0, Quality.Bad), (2, 1e9, Quality.OutOfRange), (3, 12, Quality.Good));

        Assert.Equal(2.0, (await ReadAsync(store, SeriesRule.PlainCounter))[0].Counted!.Value.Sum);
        Assert.Null((await ReadAsync(store, null))[0].Counted);
    }

    [Fact]
    public async Task Pages_of_buckets_know_what_was_counted_before_them()
    {
        await using DuckDbReadingStore store = await StoreAsync((-10, 100), (10, 101), (70, 103), (130, 106), (190, 110));
        var sums = new List<double?>();
        string? cursor = null;
        do
        {
            ReadingPage page = await store.ReadAsync(Query(SeriesRule.PlainCounter) with { Limit = 1, Cursor = cursor }, TestContext.Current.CancellationToken);
            sums.AddRange(page.Items.Select(item => item.Counted!.Value.Sum));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal([1.0, 2, 3, 4], sums);
    }

    [Fact]
    public async Task The_store_counts_as_the_tracker_does()
    {
        var random = new Random(20261122);
        foreach (SeriesRule rule in (SeriesRule[])[SeriesRule.PlainCounter, new(Semantics.Counter, 1000), new(Semantics.Counter, IsVolatile: true), new(Semantics.Counter, 1000, IsVolatile: true)])
        {
            using var folder = new TemporaryFolder();
            await using DuckDbReadingStore store = await _world.OpenAsync(folder.File("readings.duckdb"));
            double stand = 0;
            (double, double, Quality)[] readings =
            [
                .. Enumerable.Range(0, 400).Select(i => (
                    i - 100.0,
                    stand = random.Next(12) == 0 ? random.Next(30) : (stand + random.Next(40)) % 1000,
                    random.Next(20) == 0 ? Quality.Bad : Quality.Good)),
            ];
            await FillAsync(store, readings);

            var state = default(CounterState);
            var expected = new SortedDictionary<double, double?>();
            foreach ((double minute, double value, Quality quality) in readings)
            {
                double? delta = state.Take(value, At(minute), quality, rule, ResetMark.None).Delta;
                double hour = Math.Floor(minute / 60);
                if (minute >= 0)
                    expected[hour] = (expected.GetValueOrDefault(hour), delta) is (null, null) ? null : (expected.GetValueOrDefault(hour) ?? 0) + (delta ?? 0);
            }

            Assert.Equal(expected.Values, (await ReadAsync(store, rule)).Select(bucket => bucket.Counted!.Value.Sum));
        }
    }

    private static Instant At(double minutes) => Hour + Duration.FromMinutes(minutes);

    private ReadingQuery Query(SeriesRule? rule) => new(
        _world.Device(), StorageWorld.Power, null, Hour, Hour + Duration.FromHours(10), Bucket.H1, Aggregate.Last, Counter: rule);

    private async Task<IReadOnlyList<StoredReading>> ReadAsync(DuckDbReadingStore store, SeriesRule? rule) =>
        (await store.ReadAsync(Query(rule), TestContext.Current.CancellationToken)).Items;

    private async Task<DuckDbReadingStore> StoreAsync(params (double Minutes, double Value)[] readings)
    {
        DuckDbReadingStore store = await _world.OpenAsync(_folder.File("readings.duckdb"));
        await FillAsync(store, [.. readings.Select(reading => (reading.Minutes, reading.Value, Quality.Good))]);
        return store;
    }

    private async Task FillAsync(DuckDbReadingStore store, params (double Minutes, double Value, Quality Quality)[] readings)
    {
        var batch = new BatchBuilder();
        foreach ((double minutes, double value, Quality quality) in readings)
            batch.Power(_world.Device(), value, At(minutes), quality);
        await store.ConsumeAsync(batch.Build(), TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => store.Balance.NextOffset == readings.Length);
    }
}
