using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class BucketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_day_is_the_local_day_of_Viet_Nam()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(_folder.File("r.duckdb"));
        Instant midnight = Instant.FromUtc(2026, 11, 22, 17, 0);
        await FillAsync(store, (midnight - Duration.FromSeconds(1), 1), (midnight, 10), (midnight + Duration.FromHours(23), 20), (midnight + Duration.FromHours(24), 100));

        IReadOnlyList<StoredReading> days = await BucketsAsync(store, Bucket.D1, Aggregate.Sum);

        Assert.Equal(
            [(midnight - Duration.FromDays(1), 1), (midnight, 30), (midnight + Duration.FromDays(1), 100)],
            days.Select(day => (day.At, day.Value)));
    }

    [Theory]
    [InlineData(Aggregate.Mean, 4)]
    [InlineData(Aggregate.Min, 1)]
    [InlineData(Aggregate.Max, 9)]
    [InlineData(Aggregate.Sum, 12)]
    [InlineData(Aggregate.Count, 3)]
    [InlineData(Aggregate.First, 2)]
    [InlineData(Aggregate.Last, 1)]
    public async Task A_bucket_says_what_was_asked(Aggregate aggregate, double expected)
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(_folder.File("r.duckdb"));
        Instant hour = Instant.FromUtc(2026, 11, 20, 3, 0);
        await FillAsync(store, (hour + Duration.FromMinutes(1), 2), (hour + Duration.FromMinutes(2), 9), (hour + Duration.FromMinutes(59), 1));

        Assert.Equal((hour, expected), Assert.Single((await BucketsAsync(store, Bucket.H1, aggregate)).Select(bucket => (bucket.At, bucket.Value))));
    }

    [Theory]
    [InlineData(Bucket.M1, 60)]
    [InlineData(Bucket.M15, 900)]
    [InlineData(Bucket.H1, 3600)]
    public async Task Buckets_begin_on_the_full_width(Bucket every, int seconds)
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(_folder.File("r.duckdb"));
        Instant start = Instant.FromUtc(2026, 11, 20, 3, 0);
        await FillAsync(store, (start, 1), (start + Duration.FromSeconds(seconds - 1), 1), (start + Duration.FromSeconds(seconds), 1));

        Assert.Equal([(start, 2d), (start + Duration.FromSeconds(seconds), 1d)], (await BucketsAsync(store, every, Aggregate.Count)).Select(bucket => (bucket.At, bucket.Value)));
    }

    [Fact]
    public async Task Buckets_are_paged_by_channel_too_and_carry_all_doubts()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(_folder.File("r.duckdb"));
        ChannelId[] phases = [_world.Channels.GetOrAdd("L1"), _world.Channels.GetOrAdd("L2"), _world.Channels.GetOrAdd("L3")];
        var batch = new BatchBuilder();
        for (int i = 0; i < 4; i++)
            batch.Message([.. phases.Select((phase, p) => new Reading(_world.Device(), StorageWorld.Power, phase, p, BatchBuilder.ArrivalOf(i), i == 1 ? Quality.Clock : Quality.Suspect))]);
        await store.ConsumeAsync(batch.Build(), Token);
        await store.SettleAsync();

        var query = new ReadingQuery(_world.Device(), StorageWorld.Power, null, StorageWorld.Noon, StorageWorld.Noon + Duration.FromDays(1), Bucket.M1, Aggregate.Mean, Limit: 2);
        ReadingPage first = await store.ReadAsync(query, Token);
        ReadingPage second = await store.ReadAsync(query with { Cursor = first.Next }, Token);

        Assert.Equal(phases, first.Items.Concat(second.Items).Select(bucket => bucket.Channel));
        Assert.All(first.Items, bucket => Assert.Equal(Quality.Clock | Quality.Suspect, bucket.Quality));
        Assert.Null(second.Next);
    }

    private async Task FillAsync(DuckDbReadingStore store, params (Instant At, double Value)[] readings)
    {
        var batch = new BatchBuilder();
        foreach ((Instant at, double value) in readings)
            batch.Power(_world.Device(), value, at);

        await store.ConsumeAsync(batch.Build(), Token);
        await store.SettleAsync();
    }

    private async Task<IReadOnlyList<StoredReading>> BucketsAsync(DuckDbReadingStore store, Bucket every, Aggregate aggregate) =>
        (await store.ReadAsync(new ReadingQuery(_world.Device(), StorageWorld.Power, null, StorageWorld.Noon - Duration.FromDays(30), StorageWorld.Noon + Duration.FromDays(30), every, aggregate, 1000), Token)).Items;
}
