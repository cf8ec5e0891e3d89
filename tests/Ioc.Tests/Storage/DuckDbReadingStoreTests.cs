using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class DuckDbReadingStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.File("readings.duckdb");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_flushed_is_read_back_with_time_channel_value_and_quality()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        ChannelId phase = _world.Channels.GetOrAdd("L2");
        Instant at = StorageWorld.Noon + Duration.FromMilliseconds(1234) - Duration.FromSeconds(30);
        Quality doubts = Quality.Clock | Quality.Suspect | Quality.Estimated;

        await store.ConsumeAsync(new BatchBuilder().Message(new Reading(_world.Device(), StorageWorld.Voltage, phase, 229.75, at, doubts)).Build(), Token);
        await store.SettleAsync();

        StoredReading read = Assert.Single(await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Voltage));
        Assert.Equal(new StoredReading(at, phase, 229.75, doubts), read);
        Assert.Empty(await _world.ReadAllAsync(store, _world.Device("EM-2"), StorageWorld.Voltage));
    }

    [Fact]
    public async Task A_reading_is_committed_without_a_flush_within_the_commit_interval()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);

        await store.ConsumeAsync(new BatchBuilder().Power(_world.Device(), 5).Build(), Token);

        Assert.Equal(1, store.NextOffset);
        await Wait.UntilAsync(() => store.Balance.NextOffset == 1);
        Assert.Single(await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power));
    }

    [Fact]
    public async Task Every_message_is_counted_once_under_its_outcome()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        Instant device = StorageWorld.Noon - Duration.FromMinutes(1);
        ReadingBatch batch = new BatchBuilder()
            .Power(_world.Device(), 5, device)
            .Power(_world.Device(), 5, device)
            .Ignored()
            .Quarantined(QuarantineReason.Malformed)
            .Quarantined(QuarantineReason.Malformed)
            .Quarantined(QuarantineReason.Checksum)
            .Message(Availability.Offline)
            .Power(_world.Device(), double.NaN)
            .Build();

        await store.ConsumeAsync(batch, Token);
        await store.SettleAsync();

        BalanceCounts balance = store.Balance;
        Assert.Equal((8, 2, 2, 1), (balance.NextOffset, balance.Stored, balance.Ignored, balance.Duplicate));
        Assert.Equal(2, balance.Quarantined[QuarantineReason.Malformed]);
        Assert.Equal(1, balance.Quarantined[QuarantineReason.Checksum]);
        Assert.Equal(8, balance.Total);
    }

    [Fact]
    public async Task A_restart_brings_back_cursor_counts_and_rows_under_new_handles()
    {
        await using (DuckDbReadingStore store = await _world.OpenAsync(File))
            await store.ConsumeAsync(new BatchBuilder().Power(_world.Device("EM-3"), 7).Quarantined(QuarantineReason.TooShort).Ignored().Build(), Token);

        var restarted = new StorageWorld("EM-9", "EM-3");
        await using DuckDbReadingStore reopened = await restarted.OpenAsync(File);

        Assert.Equal(3, reopened.NextOffset);
        Assert.Equal((3, 1, 1), (reopened.Balance.NextOffset, reopened.Balance.Stored, reopened.Balance.Ignored));
        Assert.Equal(1, reopened.Balance.Quarantined[QuarantineReason.TooShort]);
        Assert.Equal(7, Assert.Single(await restarted.ReadAllAsync(reopened, restarted.Device("EM-3"), StorageWorld.Power)).Value);
        Assert.Empty(await restarted.ReadAllAsync(reopened, restarted.Device("EM-9"), StorageWorld.Power));
    }

    [Fact]
    public async Task A_batch_that_comes_again_whole_or_in_part_changes_nothing_twice()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        ReadingBatch first = new BatchBuilder().Power(_world.Device(), 1).Power(_world.Device(), 2).Build();
        ReadingBatch overlapping = new BatchBuilder(1).Power(_world.Device(), 2).Power(_world.Device(), 3).Ignored().Build();

        await store.ConsumeAsync(first, Token);
        await store.ConsumeAsync(first, Token);
        await store.SettleAsync();
        await store.ConsumeAsync(first, Token);
        await store.ConsumeAsync(overlapping, Token);
        await store.SettleAsync();

        Assert.Equal([1, 2, 3], (await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power)).Select(reading => reading.Value));
        Assert.Equal((4, 3, 1, 0), (store.Balance.NextOffset, store.Balance.Stored, store.Balance.Ignored, store.Balance.Duplicate));
    }

    [Fact]
    public async Task A_batch_without_messages_moves_the_cursor()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        var batch = new ReadingBatch();
        batch.Clear(0);
        batch.NextOffset = 40;

        await store.ConsumeAsync(batch, Token);
        await store.SettleAsync();

        Assert.Equal((40, 0), (store.Balance.NextOffset, store.Balance.Total));
    }

    [Fact]
    public async Task A_hundred_thousand_readings_are_paged_in_order_without_a_gap_or_a_repeat()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        for (long offset = 0; offset < 100_000; offset += 500)
        {
            var batch = new BatchBuilder(offset);
            for (int i = 0; i < 500; i++)
                batch.Power(_world.Device(), offset + i);

            await store.ConsumeAsync(batch.Build(), Token);
        }

        await store.SettleAsync();

        IReadOnlyList<StoredReading> all = await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power, pageSize: 7_001);
        Assert.Equal(100_000, store.Balance.Stored);
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (double)i), all.Select(reading => reading.Value));
    }

    [Fact]
    public async Task Readings_of_one_instant_keep_their_order_over_pages()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        Instant at = StorageWorld.Noon;
        Reading[] same = [.. Enumerable.Range(0, 10).Select(i => new Reading(_world.Device(), StorageWorld.Power, _world.Channels.GetOrAdd($"c{i}"), i, at, Quality.Good))];

        await store.ConsumeAsync(new BatchBuilder().Message(same).Build(), Token);
        await store.SettleAsync();

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), (await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power, pageSize: 3)).Select(reading => reading.Value));
    }

    [Fact]
    public async Task A_range_begins_with_its_first_instant_and_ends_before_its_last()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        await store.ConsumeAsync(new BatchBuilder().Power(_world.Device(), 0).Power(_world.Device(), 1).Power(_world.Device(), 2).Power(_world.Device(), 3).Build(), Token);
        await store.SettleAsync();

        ReadingPage page = await store.ReadAsync(
            new ReadingQuery(_world.Device(), StorageWorld.Power, null, BatchBuilder.ArrivalOf(1), BatchBuilder.ArrivalOf(3)), Token);

        Assert.Equal([1, 2], page.Items.Select(reading => reading.Value));
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task Only_the_channel_asked_for_answers()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        ChannelId l1 = _world.Channels.GetOrAdd("L1");
        ChannelId l2 = _world.Channels.GetOrAdd("L2");
        await store.ConsumeAsync(new BatchBuilder().Message(PowerOf(l1, 1), PowerOf(l2, 2), PowerOf(ChannelId.None, 3)).Build(), Token);
        await store.SettleAsync();

        Assert.Equal(2, await OnlyAsync(l2));
        Assert.Equal(3, await OnlyAsync(ChannelId.None));

        Reading PowerOf(ChannelId channel, double value) => new(_world.Device(), StorageWorld.Power, channel, value, StorageWorld.Noon, Quality.Good);

        async Task<double> OnlyAsync(ChannelId channel) =>
            Assert.Single((await store.ReadAsync(new ReadingQuery(_world.Device(), StorageWorld.Power, channel, StorageWorld.Noon, StorageWorld.Noon + Duration.FromDays(1)), Token)).Items).Value;
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("'; DROP TABLE reading; --")]
    public async Task A_cursor_that_no_page_ended_with_is_refused_by_name(string cursor)
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        await store.ConsumeAsync(new BatchBuilder().Power(_world.Device(), 0).Build(), Token);
        await store.SettleAsync();
        var query = new ReadingQuery(_world.Device(), StorageWorld.Power, null, StorageWorld.Noon, StorageWorld.Noon + Duration.FromDays(1), Cursor: cursor);

        BadCursorException refused = await Assert.ThrowsAsync<BadCursorException>(() => store.ReadAsync(query, Token));

        Assert.Contains(cursor, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_latest_of_every_series_leaves_back_fill_out()
    {
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        DeviceId one = _world.Device();
        DeviceId two = _world.Device("EM-2");
        Instant later = StorageWorld.Noon + Duration.FromMinutes(5);
        await store.ConsumeAsync(
            new BatchBuilder().Power(one, 1).Power(two, 2).Power(one, 3).Power(one, 4, later, Quality.Historical).Power(one, 5, StorageWorld.Noon - Duration.FromHours(1)).Build(), Token);
        await store.SettleAsync();

        IReadOnlyList<Reading> latest = await store.ReadLatestAsync(Token);

        Assert.Equal(
            [new Reading(one, StorageWorld.Power, ChannelId.None, 3, BatchBuilder.ArrivalOf(2), Quality.Good), new Reading(two, StorageWorld.Power, ChannelId.None, 2, BatchBuilder.ArrivalOf(1), Quality.Good)],
            latest.OrderBy(reading => reading.Device.Value));
    }

    [Fact]
    public async Task Readers_see_whole_groups_while_the_store_writes()
    {
        _world.Options.CommitRows = 1_000;
        await using DuckDbReadingStore store = await _world.OpenAsync(File);
        using var stop = new CancellationTokenSource();
        Task<int> reading = Task.Run(async () =>
        {
            int rounds = 0;
            for (; !stop.IsCancellationRequested; rounds++)
            {
                IReadOnlyList<StoredReading> seen = await _world.ReadAllAsync(store, _world.Device(), StorageWorld.Power);
                Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => (double)i), seen.Select(reading => reading.Value));
                Assert.Equal(0, seen.Count % 1_000);
            }

            return rounds;
        }, Token);

        for (long offset = 0; offset < 30_000; offset += 1_000)
        {
            var batch = new BatchBuilder(offset);
            for (int i = 0; i < 1_000; i++)
                batch.Power(_world.Device(), offset + i);

            await store.ConsumeAsync(batch.Build(), Token);
        }

        await store.SettleAsync();
        await stop.CancelAsync();

        Assert.True(await reading > 0);
        Assert.Equal(30_000, store.Balance.Stored);
    }

    [Fact]
    public async Task Hostile_names_are_only_names()
    {
        string[] keys = ["'; DROP TABLE reading; --", "a,b=c d", "dòng\nmới", "Đồng hồ \"tổng\"", "back\\slash\\", "%0A"];
        var world = new StorageWorld(keys);
        ChannelId[] channels = [.. keys.Select(world.Channels.GetOrAdd)];
        await using (DuckDbReadingStore store = await world.OpenAsync(File))
        {
            var batch = new BatchBuilder();
            for (int i = 0; i < keys.Length; i++)
                batch.Message(new Reading(world.Device(keys[i]), StorageWorld.Power, channels[i], i, BatchBuilder.ArrivalOf(i), Quality.Good));
            await store.ConsumeAsync(batch.Build(), Token);
        }

        var restarted = new StorageWorld([.. keys.Reverse()]);
        await using DuckDbReadingStore reopened = await restarted.OpenAsync(File);
        for (int i = 0; i < keys.Length; i++)
        {
            StoredReading only = Assert.Single(await restarted.ReadAllAsync(reopened, restarted.Device(keys[i]), StorageWorld.Power));
            Assert.Equal((i, keys[i]), (only.Value, restarted.Channels.NameOf(only.Channel)));
        }
    }

    [Fact]
    public async Task A_file_that_is_not_a_store_is_named_in_the_error()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 20_000), Token);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => _world.OpenAsync(File));

        Assert.Contains("readings.duckdb", refused.Message, StringComparison.Ordinal);
    }
}
