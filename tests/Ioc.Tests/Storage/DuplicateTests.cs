using Ioc.Devices.Readings;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class DuplicateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.File("readings.duckdb");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_value_at_the_same_device_time_is_stored_once_even_after_a_restart()
    {
        Instant at = StorageWorld.Noon - Duration.FromMinutes(10);
        await using (DuckDbReadingStore store = await _world.OpenAsync(File))
            await store.ConsumeAsync(new BatchBuilder().Power(_world.Device(), 5, at).Power(_world.Device(), 6, at + Duration.FromMinutes(1)).Build(), Token);

        await using DuckDbReadingStore reopened = await _world.OpenAsync(File);
        await reopened.ConsumeAsync(new BatchBuilder(2).Power(_world.Device(), 5, at).Power(_world.Device(), 6, at + Duration.FromMinutes(1)).Build(), Token);
        await reopened.SettleAsync();

        Assert.Equal((2, 2), (reopened.Balance.Stored, reopened.Balance.Duplicate));
        Assert.Equal(2, (await _world.ReadAllAsync(reopened, _world.Device(), StorageWorld.Power)).Count);
    }

    [Fact]
    public async Task Another_value_at_the_same_device_time_is_kept_and_flagged()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        Instant at = StorageWorld.Noon - Duration.FromMinutes(10);

        await store.ConsumeAsync(new BatchBuilder().Power(_world.Device(), 5, at).Power(_world.Device(), 6, at, Quality.Suspect).Power(_world.Device(), 6, at).Build(), Token);
        await store.SettleAsync();

        IReadOnlyList<Ioc.Storage.StoredReading> all = await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power);
        Assert.Equal([(5, Quality.Good), (6, Quality.Suspect | Quality.Conflict)], all.Select(reading => (reading.Value, reading.Quality)));
        Assert.Equal((2, 1), (store.Balance.Stored, store.Balance.Duplicate));
    }

    [Fact]
    public async Task A_reading_stamped_by_arrival_is_never_a_duplicate()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        Reading arrival = new(_world.Device(), StorageWorld.Power, ChannelId.None, 5, BatchBuilder.ArrivalOf(0), Quality.Good);

        await store.ConsumeAsync(new BatchBuilder().Message(arrival, arrival).Power(_world.Device(), 5).Power(_world.Device(), 5).Build(), Token);
        await store.SettleAsync();

        Assert.Equal((3, 0), (store.Balance.Stored, store.Balance.Duplicate));
        Assert.All(await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power), reading => Assert.Equal(Quality.Good, reading.Quality));
    }

    [Fact]
    public async Task A_message_with_one_new_reading_among_repeats_is_stored()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        Instant at = StorageWorld.Noon - Duration.FromMinutes(10);
        Reading power = new(_world.Device(), StorageWorld.Power, ChannelId.None, 5, at, Quality.Good);
        Reading voltage = power with { Metric = StorageWorld.Voltage };

        await store.ConsumeAsync(new BatchBuilder().Message(power).Message(power, voltage).Message(power, voltage).Build(), Token);
        await store.SettleAsync();

        Assert.Equal((2, 1), (store.Balance.Stored, store.Balance.Duplicate));
        Assert.Single(await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power));
        Assert.Single(await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Voltage));
    }

    // Few times and values, so that repeats, conflicts and back-fill are the rule; restarts and group sizes move what memory knows.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Judged_like_a_set_of_everything_stored_whatever_the_order_the_grouping_and_the_restarts(int seed)
    {
        var random = new Random(seed);
        var naive = new NaiveStore();
        DuckDbReadingStore store = await _world.OpenAsync(File);
        long offset = 0;
        for (int round = 0; round < 60; round++)
        {
            var batch = new BatchBuilder(offset);
            for (int messages = random.Next(1, 30); messages > 0; messages--, offset++)
            {
                Reading[] readings = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(random, round, offset))];
                naive.Add(readings, BatchBuilder.ArrivalOf(offset));
                batch.Message(readings);
            }

            await store.ConsumeAsync(batch.Build(), Token);
            if (random.Next(3) == 0)
                await store.SettleAsync();
            if (random.Next(10) == 0)
            {
                await store.DisposeAsync();
                store = await _world.OpenAsync(File);
            }
        }

        await store.SettleAsync();
        Assert.Equal((naive.Stored, naive.Duplicate), (store.Balance.Stored, store.Balance.Duplicate));
        foreach (string key in new[] { "EM-1", "EM-2" })
        {
            IReadOnlyList<Ioc.Storage.StoredReading> all = await _world.ReadAllAsync(store, _world.Device(key), StorageWorld.Power);
            Assert.Equal(naive.Of(_world.Device(key)), all.Select(reading => (reading.At, reading.Value, reading.Quality)).Order());
        }

        await store.DisposeAsync();
    }

    private Reading Any(Random random, int round, long offset)
    {
        Instant at = random.Next(8) == 0
            ? BatchBuilder.ArrivalOf(offset)
            : StorageWorld.Noon - Duration.FromDays(1) + Duration.FromSeconds(Math.Max(0, round - random.Next(random.Next(1, 40))));
        return new Reading(_world.Device(random.Next(2) == 0 ? "EM-1" : "EM-2"), StorageWorld.Power, ChannelId.None, random.Next(2), at, Quality.Good);
    }

    private sealed class NaiveStore
    {
        private readonly List<(DeviceId Device, Instant At, double Value, bool ByDevice, Quality Quality)> _rows = [];

        public int Stored { get; private set; }

        public int Duplicate { get; private set; }

        public void Add(Reading[] readings, Instant receivedAt)
        {
            int before = _rows.Count;
            foreach (Reading reading in readings)
            {
                bool byDevice = reading.MeasuredAt != receivedAt;
                double[] known = [.. _rows.Where(row => byDevice && row.ByDevice && row.Device == reading.Device && row.At == reading.MeasuredAt).Select(row => row.Value)];
                if (!known.Contains(reading.Value))
                    _rows.Add((reading.Device, reading.MeasuredAt, reading.Value, byDevice, known.Length > 0 ? Quality.Conflict : Quality.Good));
            }

            if (_rows.Count > before)
                Stored++;
            else
                Duplicate++;
        }

        public IEnumerable<(Instant At, double Value, Quality Quality)> Of(DeviceId device) =>
            _rows.Where(row => row.Device == device).Select(row => (row.At, row.Value, row.Quality)).Order();
    }
}
