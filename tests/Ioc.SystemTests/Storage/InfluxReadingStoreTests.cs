using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.SystemTests.Storage;

public sealed class InfluxReadingStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OperationalDatabase _database;
    private readonly StoreWorld _world = new();

    public InfluxReadingStoreTests() => _database = new OperationalDatabase(_folder.File("operational.db"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Readings_come_back_from_the_real_server_as_they_were()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        ChannelId phase = _world.Channels.GetOrAdd("L2");
        Quality doubts = Quality.Clock | Quality.Estimated;
        Reading[] readings = [Power(-0.1, phase, doubts), Power(229.75), Power(1e-9, _world.Channels.GetOrAdd("c")), Power(123456789.123, _world.Channels.GetOrAdd("d"))];

        await store.ConsumeAsync(StoreWorld.BatchOf(0, readings), Token);
        await StoreWorld.SettleAsync(store);

        Assert.Equal(
            readings.Select(reading => new StoredReading(reading.MeasuredAt, reading.Channel, reading.Value, reading.Quality)).OrderBy(reading => reading.Value),
            (await _world.ReadAllAsync(store)).OrderBy(reading => reading.Value));
        Assert.Contains("229.75", await server.AskAsync("SELECT * FROM active_power"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_give_every_reading_once_even_within_one_instant()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        Reading[] same = [.. Enumerable.Range(0, 9).Select(i => Power(i, _world.Channels.GetOrAdd($"c{i}")))];
        await store.ConsumeAsync(StoreWorld.BatchOf(0, same), Token);
        await store.ConsumeAsync(_world.Batch(1, 20), Token);
        await StoreWorld.SettleAsync(store);

        IReadOnlyList<StoredReading> paged = await _world.ReadAllAsync(store, pageSize: 4);

        Assert.Equal(29, paged.Count);
        Assert.Equal(29, paged.Select(reading => (reading.At, reading.Channel)).Distinct().Count());
        Assert.Equal(paged.Select(reading => reading.At).Order(), paged.Select(reading => reading.At));
    }

    [Fact]
    public async Task A_server_that_stops_in_mid_stream_and_comes_back_misses_nothing_and_doubles_nothing()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        await store.ConsumeAsync(_world.Batch(0, 500), Token);
        await StoreWorld.SettleAsync(store);

        await server.StopAsync();
        await store.ConsumeAsync(_world.Batch(500, 500), Token);
        await Wait.UntilAsync(() => store.Fault is not null);
        Assert.Contains(server.Url, store.Fault, StringComparison.Ordinal);
        Assert.Equal((500, 500), (store.Balance.NextOffset, store.Balance.Stored));

        await server.StartAsync();
        await StoreWorld.SettleAsync(store);

        Assert.Null(store.Fault);
        Assert.Equal((1_000, 1_000), (store.Balance.NextOffset, store.Balance.Stored));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (double)i), (await _world.ReadAllAsync(store)).Select(reading => reading.Value));
    }

    [Fact]
    public async Task A_restart_goes_on_at_the_saved_cursor_and_a_replay_adds_no_point()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using (InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url))
            await store.ConsumeAsync(_world.Batch(0, 100), Token);

        await using InfluxReadingStore reopened = await _world.OpenInfluxAsync(_database, server.Url);
        Assert.Equal((100, 100), (reopened.NextOffset, reopened.Balance.Stored));
        await reopened.ConsumeAsync(_world.Batch(50, 100), Token);
        await StoreWorld.SettleAsync(reopened);

        Assert.Equal((150, 150), (reopened.Balance.NextOffset, reopened.Balance.Stored));
        Assert.Equal(150, (await _world.ReadAllAsync(reopened)).Count);
    }

    [Fact]
    public async Task A_lost_cursor_writes_the_same_points_again()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using (InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url))
            await store.ConsumeAsync(StoreWorld.BatchOf(0, [Power(1), Power(2)], [Power(3) with { MeasuredAt = StoreWorld.ArrivalOf(1) }]), Token);

        using var empty = new OperationalDatabase(_folder.File("other.db"));
        await using InfluxReadingStore again = await _world.OpenInfluxAsync(empty, server.Url);
        await again.ConsumeAsync(StoreWorld.BatchOf(0, [Power(1), Power(2)], [Power(3) with { MeasuredAt = StoreWorld.ArrivalOf(1) }]), Token);
        await StoreWorld.SettleAsync(again);

        Assert.Equal(2, again.Balance.Stored);
        Assert.Equal([1, 2, 3], (await _world.ReadAllAsync(again)).Select(reading => reading.Value).Order());
    }

    [Fact]
    public async Task Points_that_the_server_refuses_are_counted_and_the_good_ones_kept()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        await store.ConsumeAsync(_world.Batch(0, 1), Token);
        await StoreWorld.SettleAsync(store);
        await server.WriteAsync("voltage,device=x value=\"a text\"");
        var world = new TwoMetricWorld(_world);

        await using InfluxReadingStore second = world.Open(_database);
        await second.OpenAsync(Token);
        Reading voltage = new(_world.Device(), new MetricId(2), ChannelId.None, 230, StoreWorld.ArrivalOf(1), Quality.Good);
        await second.ConsumeAsync(StoreWorld.BatchOf(1, [voltage, voltage with { Metric = StoreWorld.Power }]), Token);
        await StoreWorld.SettleAsync(second);

        Assert.Equal(1, second.RefusedPointCount);
        Assert.Null(second.Fault);
        Assert.Equal(2, second.Balance.Stored);
        Assert.Equal(2, (await _world.ReadAllAsync(second)).Count);
    }

    [Fact]
    public async Task Hostile_names_are_only_names()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        string[] keys = ["a,b=c d", "dòng\nmới", "' OR 1=1 --", "Đồng hồ \"tổng\"", "back\\slash\\", "%0A", "back\\"];
        var world = new StoreWorld(keys);
        await using InfluxReadingStore store = await world.OpenInfluxAsync(_database, server.Url);
        await store.ConsumeAsync(
            StoreWorld.BatchOf(0, [.. keys.Select((key, i) => new[] { new Reading(world.Device(key), StoreWorld.Power, world.Channels.GetOrAdd(key), i, StoreWorld.ArrivalOf(i), Quality.Good) })]), Token);
        await StoreWorld.SettleAsync(store);

        Assert.Equal(0, store.RefusedPointCount);
        foreach ((string key, int i) in keys.Select((key, i) => (key, i)))
        {
            StoredReading only = Assert.Single(await world.ReadAllAsync(store, key));
            Assert.Equal((i, key), (only.Value, world.Channels.NameOf(only.Channel)));
        }

        Assert.Equal(Enumerable.Range(0, keys.Length).Select(i => (double)i), (await store.ReadLatestAsync(Token)).Select(reading => reading.Value).Order());
    }

    [Fact]
    public async Task The_latest_leaves_back_fill_out()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        Instant later = StoreWorld.Noon + Duration.FromHours(1);
        Reading kept = Power(2) with { MeasuredAt = StoreWorld.Noon + Duration.FromMinutes(5), Quality = Quality.Clock };
        await store.ConsumeAsync(StoreWorld.BatchOf(0, [Power(1)], [kept], [Power(3) with { MeasuredAt = later, Quality = Quality.Historical | Quality.Clock }]), Token);
        await StoreWorld.SettleAsync(store);

        Assert.Equal(kept, Assert.Single(await store.ReadLatestAsync(Token)));
    }

    [Fact]
    public async Task A_day_is_the_local_day_of_Viet_Nam_and_pages_go_on()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);
        Instant midnight = Instant.FromUtc(2026, 11, 19, 17, 0);
        (Instant At, double Value)[] readings = [(midnight - Duration.FromSeconds(1), 1), (midnight, 10), (midnight + Duration.FromHours(23), 20), (midnight + Duration.FromHours(24), 100)];
        await store.ConsumeAsync(StoreWorld.BatchOf(0, [.. readings.Select(reading => new[] { Power(reading.Value) with { MeasuredAt = reading.At } })]), Token);
        await StoreWorld.SettleAsync(store);

        var query = new ReadingQuery(_world.Device(), StoreWorld.Power, null, midnight - Duration.FromDays(3), midnight + Duration.FromDays(3), Bucket.D1, Aggregate.Sum, Limit: 2);
        ReadingPage first = await store.ReadAsync(query, Token);
        ReadingPage second = await store.ReadAsync(query with { Cursor = first.Next }, Token);

        Assert.Equal(
            [(midnight - Duration.FromDays(1), 1), (midnight, 30), (midnight + Duration.FromDays(1), 100)],
            first.Items.Concat(second.Items).Select(day => (day.At, day.Value)));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task The_second_interface_is_told_authentically_to_be_missing_on_a_first_generation_server()
    {
        await using InfluxServer server = await InfluxServer.StartNewAsync();
        _world.Options.Influx.Api = InfluxApi.V2;
        _world.Options.Influx.Org = "gialai";
        _world.Options.Influx.Bucket = "ioc";
        await using InfluxReadingStore store = await _world.OpenInfluxAsync(_database, server.Url);

        await store.ConsumeAsync(_world.Batch(0, 1), Token);
        await Wait.UntilAsync(() => store.Fault is not null);

        Assert.Contains("404", store.Fault, StringComparison.Ordinal);
        Assert.Equal((0, 0), (store.Balance.NextOffset, store.Balance.Stored));
    }

    private Reading Power(double value, ChannelId channel = default, Quality quality = Quality.Good) =>
        new(_world.Device(), StoreWorld.Power, channel, value, StoreWorld.Noon, quality);
}
