using Ioc.Devices.Readings;
using Ioc.Storage;
using Ioc.Storage.DuckDb;
using Ioc.Storage.Replay;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

/// <summary>Messages decoded once as they were, and again as they should be.</summary>
public sealed class ReplayStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "readings.duckdb");

    private DeviceId Meter => _world.Device();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Messages_set_aside_become_readings_and_move_from_one_count_to_the_other()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 1).Quarantined(QuarantineReason.Malformed).Quarantined(QuarantineReason.TooShort).Ignored());

        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Power(Meter, 1).Power(Meter, 2).Power(Meter, 3).Ignored());
        IReadOnlyList<StoredReading> before = await ReadAsync(store);
        await CommitAsync(store, plan);

        Assert.Equal((4, 2, 2, 0, 0, 1), Counts(plan.Difference!));
        Assert.Equal(
            [(MessageOutcome.Quarantined, QuarantineReason.Malformed, MessageOutcome.Stored), (MessageOutcome.Quarantined, QuarantineReason.TooShort, MessageOutcome.Stored)],
            plan.Difference!.Outcomes.Select(change => (change.From, change.FromReason, change.To)).Order());
        Assert.Equal([1], before.Select(reading => reading.Value));
        Assert.Equal([1, 2, 3], (await ReadAsync(store)).Select(reading => reading.Value));
        Assert.Equal((4, 3, 1, 0), (store.Balance.NextOffset, store.Balance.Stored, store.Balance.Ignored, store.Balance.Quarantined.Count));
    }

    [Fact]
    public async Task A_mended_value_replaces_the_old_one_and_buckets_follow()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 10).Power(Meter, 20).Power(_world.Device("EM-2"), 5));

        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Power(Meter, 1).Power(Meter, 2).Power(_world.Device("EM-2"), 5));
        await CommitAsync(store, plan);

        Assert.Equal((3, 2, 0, 2, 0, 1), Counts(plan.Difference!));
        Assert.Equal([(10.0, 1.0), (20.0, 2.0)], plan.Difference!.Examples.Select(example => (example.Old!.Value, example.New!.Value)).Order());
        Assert.Equal(("EM-1", "active_power", 2L), plan.Difference.Series.Select(series => (series.Key, series.Metric, series.Changed)).Single());
        Assert.Equal(1.5, Assert.Single(await ReadAsync(store, Bucket.D1)).Value);
    }

    [Fact]
    public async Task A_second_comparison_after_a_commit_finds_nothing_and_the_second_commit_is_refused()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 10).Quarantined(QuarantineReason.Checksum));
        BatchBuilder Mended() => new BatchBuilder().Power(Meter, 1).Power(Meter, 2);
        ReplayPlan plan = await CompareAsync(store, Mended());
        await CommitAsync(store, plan);

        await Assert.ThrowsAsync<ReplayRefusedException>(() => store.Replays.ApproveAsync(plan.Token, "x", _ => DeviceId.None, Token));
        ReplayPlan again = await CompareAsync(store, Mended());

        Assert.Equal((2, 0, 0, 0, 0, 2), Counts(again.Difference!));
        Assert.Equal(2, store.Balance.Stored);
    }

    [Fact]
    public async Task The_same_profile_finds_no_difference_in_duplicates_conflicts_and_repeats()
    {
        Instant at = StorageWorld.Noon - Duration.FromHours(1);
        BatchBuilder Messages() => new BatchBuilder().Power(Meter, 1, at).Power(Meter, 1, at).Power(Meter, 2, at)
            .Message(Reading(7, at + Duration.FromMinutes(1)), Reading(7, at + Duration.FromMinutes(1)), Reading(8, at + Duration.FromMinutes(1)), Reading(7, at + Duration.FromMinutes(1)))
            .Message(Availability.Offline).Ignored().Quarantined(QuarantineReason.NoReadings);
        await using DuckDbReadingStore store = await StoreAsync(Messages());
        BalanceCounts before = store.Balance;

        ReplayPlan plan = await CompareAsync(store, Messages());

        Assert.Equal((7, 0, 0, 0, 0, 4), Counts(plan.Difference!));
        Assert.Equal(3, plan.Difference!.Duplicate);
        Assert.Equal((4, 1), (before.Stored - 0, before.Duplicate));
    }

    [Fact]
    public async Task A_reading_that_another_message_brought_meanwhile_is_not_stored_twice()
    {
        Instant at = StorageWorld.Noon - Duration.FromHours(1);
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Quarantined(QuarantineReason.Malformed).Power(Meter, 5, at).Quarantined(QuarantineReason.Malformed));

        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Power(Meter, 5, at).Power(Meter, 5, at).Power(Meter, 6, at));
        await CommitAsync(store, plan);

        Assert.Equal([(5, Quality.Good), (6, Quality.Conflict)], (await ReadAsync(store)).Select(reading => (reading.Value, reading.Quality)));
        Assert.Equal((2, 1, 0), (store.Balance.Stored, store.Balance.Duplicate, store.Balance.Quarantined.Count));
    }

    [Fact]
    public async Task Readings_that_the_profile_no_longer_gives_go_and_a_message_can_be_set_aside_afterwards()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Message(Reading(1), new Reading(Meter, StorageWorld.Voltage, ChannelId.None, 230, StorageWorld.Noon, Quality.Good)).Power(Meter, 2));

        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Message(Reading(1)).Quarantined(QuarantineReason.Checksum));
        await CommitAsync(store, plan);

        Assert.Equal((2, 2, 0, 0, 2, 1), Counts(plan.Difference!));
        Assert.Equal([1], (await ReadAsync(store)).Select(reading => reading.Value));
        Assert.Equal(1, store.Balance.Stored);
        Assert.Equal(1, store.Balance.Quarantined[QuarantineReason.Checksum]);
    }

    [Fact]
    public async Task A_plan_cut_off_in_the_middle_is_carried_through_by_the_next_process()
    {
        string token;
        await using (DuckDbReadingStore first = await StoreAsync(Enumerable.Range(0, 10).Aggregate(new BatchBuilder(), (batch, _) => batch.Quarantined(QuarantineReason.Malformed))))
        {
            token = (await CompareAsync(first, Enumerable.Range(0, 10).Aggregate(new BatchBuilder(), (batch, n) => batch.Power(Meter, n)))).Token;
            await first.Replays.ApproveAsync(token, "x", device => _world.Device(device.Key), Token);
            await first.Replays.CommitStepAsync(4, Token);
            Assert.Equal((4, 6), (first.Balance.Stored, first.Balance.Quarantined[QuarantineReason.Malformed]));
        }

        await using DuckDbReadingStore second = await new StorageWorld().OpenAsync(Path);
        Assert.Equal((10, 4), (second.Balance.Total, second.Balance.Stored));
        await Assert.ThrowsAsync<ReplayRefusedException>(() => second.Replays.BeginAsync(Plan(second), Token));
        while (await second.Replays.CommitStepAsync(4, Token) is not null)
        {
        }

        Assert.Equal((10, 0), (second.Balance.Stored, second.Balance.Quarantined.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(n => (double)n), (await ReadAsync(second)).Select(reading => reading.Value));
        Assert.Equal(ReplayState.Applied, (await second.Replays.FindPlanAsync(Token))!.State);
    }

    [Fact]
    public async Task Live_messages_that_bring_the_same_times_after_the_comparison_make_it_void()
    {
        Instant at = StorageWorld.Noon - Duration.FromHours(1);
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Quarantined(QuarantineReason.Malformed));
        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Power(Meter, 5, at));

        await store.ConsumeAsync(new BatchBuilder(1).Power(Meter, 5, at).Build(), Token);
        await store.SettleAsync();

        await Assert.ThrowsAsync<ReplayRefusedException>(() => store.Replays.ApproveAsync(plan.Token, "x", device => _world.Device(device.Key), Token));
        Assert.Equal(ReplayState.Ready, (await store.Replays.FindPlanAsync(Token))!.State);
    }

    [Fact]
    public async Task After_a_replay_live_repeats_are_judged_by_what_it_stored()
    {
        Instant at = StorageWorld.Noon - Duration.FromHours(1);
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 10, at).Quarantined(QuarantineReason.Malformed));
        await CommitAsync(store, await CompareAsync(store, new BatchBuilder().Power(Meter, 1, at).Power(Meter, 2, at + Duration.FromMinutes(1))));

        await store.ConsumeAsync(new BatchBuilder(2).Power(Meter, 1, at).Power(Meter, 2, at + Duration.FromMinutes(1)).Power(Meter, 10, at).Build(), Token);
        await store.SettleAsync();

        Assert.Equal((3, 2), (store.Balance.Stored, store.Balance.Duplicate));
        Assert.Equal([(1, Quality.Good), (10, Quality.Conflict), (2, Quality.Good)], (await ReadAsync(store)).Select(reading => (reading.Value, reading.Quality)));
    }

    [Fact]
    public async Task A_message_of_a_file_without_outcomes_is_known_by_its_rows_or_the_index_and_else_left_alone()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 1).Quarantined(QuarantineReason.Malformed).Ignored());
        await store.Replays.ForgetBelowAsync(3, Token);

        ReadingBatch batch = new BatchBuilder().Power(Meter, 2).Power(Meter, 3).Power(Meter, 4).Build();
        ReplayPlan plan = await CompareAsync(store, batch, [QuarantineReason.None, QuarantineReason.Malformed, QuarantineReason.None]);
        await CommitAsync(store, plan);

        Assert.Equal((1, 1, 1L), (plan.Difference!.Added, plan.Difference.Changed, plan.Difference.Unknown));
        Assert.Equal((2, 1, 0), (store.Balance.Stored, store.Balance.Ignored, store.Balance.Quarantined.Count));
    }

    [Fact]
    public async Task A_place_and_an_outcome_are_found_for_every_stored_value()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 1).Quarantined(QuarantineReason.Malformed));

        ReadingPlace place = Assert.Single(await store.Replays.LocateAsync(Meter, StorageWorld.Power, null, BatchBuilder.ArrivalOf(0), Token));
        StoredMessage aside = await store.Replays.FindMessageAsync(1, Token);
        await CommitAsync(store, await CompareAsync(store, new BatchBuilder().Power(Meter, 1).Power(Meter, 2)));
        StoredMessage mended = await store.Replays.FindMessageAsync(1, Token);

        Assert.Equal((0, 0, 1.0), (place.Offset, place.Index, place.Value));
        Assert.Equal((MessageOutcome.Quarantined, QuarantineReason.Malformed, null), (aside.Outcome, aside.Reason, aside.Replay));
        Assert.Equal((1, MessageOutcome.Stored, 7L), (mended.ReadingCount, mended.Outcome, mended.Replay));
    }

    [Fact]
    public async Task The_newest_value_of_a_series_is_told_and_also_that_it_has_none_left()
    {
        await using DuckDbReadingStore store = await StoreAsync(new BatchBuilder().Power(Meter, 1).Power(Meter, 2).Power(_world.Device("EM-2"), 3));
        ReplayPlan plan = await CompareAsync(store, new BatchBuilder().Power(Meter, 1).Ignored().Ignored());
        await store.Replays.ApproveAsync(plan.Token, "x", device => _world.Device(device.Key), Token);
        while (await store.Replays.CommitStepAsync(1, Token) is not null)
        {
        }

        Dictionary<string, NewestReading> newest = (await store.Replays.NewestAsync(Token)).ToDictionary(one => _world.Registry[one.Device].Key);

        Assert.Equal((1.0, 0L), (newest["EM-1"].Reading!.Value.Value, newest["EM-1"].Offset));
        Assert.Null(newest["EM-2"].Reading);
    }

    private static (long, long, long, long, long, long) Counts(ReplayDifference difference) =>
        (difference.Messages, difference.ChangedMessages, difference.Added, difference.Changed, difference.Removed, difference.Unchanged);

    private static ReplayPlan Plan(DuckDbReadingStore store) =>
        new(7, ReplayState.Comparing, "{}", "p1", "an engineer", StorageWorld.Noon, store.Balance.NextOffset, "", null, 0, null);

    private Reading Reading(double value, Instant? at = null) => new(Meter, StorageWorld.Power, ChannelId.None, value, at ?? StorageWorld.Noon, Quality.Good);

    private async Task<DuckDbReadingStore> StoreAsync(BatchBuilder batch)
    {
        DuckDbReadingStore store = await _world.OpenAsync(Path);
        await store.ConsumeAsync(batch.Build(), Token);
        await store.SettleAsync();
        return store;
    }

    private Task<ReplayPlan> CompareAsync(DuckDbReadingStore store, BatchBuilder batch) =>
        CompareAsync(store, batch.Build(), [.. Enumerable.Repeat((QuarantineReason?)QuarantineReason.None, batch.Build().MessageCount)]);

    private async Task<ReplayPlan> CompareAsync(DuckDbReadingStore store, ReadingBatch batch, IReadOnlyList<QuarantineReason?> chosen)
    {
        await store.Replays.BeginAsync(Plan(store), Token);
        await store.Replays.StageAsync(batch, chosen, _world.Registry, Token);
        return await store.Replays.CompareAsync(Token);
    }

    private async Task CommitAsync(DuckDbReadingStore store, ReplayPlan plan)
    {
        await store.Replays.ApproveAsync(plan.Token, "an engineer", device => _world.Device(device.Key), Token);
        while (await store.Replays.CommitStepAsync(2, Token) is not null)
        {
        }

        await store.Replays.FinishAsync(Token);
    }

    private async Task<IReadOnlyList<StoredReading>> ReadAsync(DuckDbReadingStore store, Bucket? every = null) => (await store.ReadAsync(
        new ReadingQuery(Meter, StorageWorld.Power, null, StorageWorld.Noon - Duration.FromDays(2), StorageWorld.Noon + Duration.FromDays(2), every, Limit: 1_000), Token)).Items;
}
