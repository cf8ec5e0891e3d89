using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Devices;

public class TwinStoreTests
{
    private static readonly DeviceId One = new(1);
    private static readonly DeviceId Two = new(2);
    private readonly TwinStore _twins = new(Sample.Registry(Sample.Device("one"), Sample.Device("two")), new TwinOptions { MaxSeriesPerDevice = 3, MessagesPerDevice = 5 }, Sample.Metrics);

    [Fact]
    public async Task The_newest_measurement_is_the_latest_whenever_it_arrives()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(100))));
        await Consume(Sample.Batch(1, Sample.At(101), Sample.Reading(2, Sample.At(50))));
        Assert.Equal(1, Latest(One).Value);

        await Consume(Sample.Batch(2, Sample.Reading(3, Sample.At(102))));
        Assert.Equal((3, 2), (Latest(One).Value, Latest(One).Offset));
    }

    [Fact]
    public async Task Who_leaves_the_service_leaves_the_live_view_and_comes_back_with_the_next_message()
    {
        DeviceRegistry registry = Sample.Registry(Sample.Device("one"), Sample.Device("two"));
        var twins = new TwinStore(registry, new TwinOptions(), Sample.Metrics);
        var changes = new List<DeviceStateChange>();
        twins.StateChanged += changes.Add;
        await twins.ConsumeAsync(Sample.Batch(0, Sample.Reading(1, Sample.At(0))), TestContext.Current.CancellationToken);
        await twins.ConsumeAsync(Sample.Batch(1, Sample.Reading(2, Sample.At(0), device: 2)), TestContext.Current.CancellationToken);
        changes.Clear();

        registry.Put([registry[One] with { Standing = DeviceStanding.Retired, RefusedFrom = Sample.At(1) }]);
        await twins.ConsumeAsync(Sample.Batch(2, Sample.Reading(3, Sample.At(2))), TestContext.Current.CancellationToken);
        twins.Tick(Sample.At(5_000));

        Assert.Equal((DeviceState.NeverSeen, 0), (twins.Read(One).Status.State, twins.Read(One).Latest.Count));
        Assert.Equal(Two, Assert.Single(changes).Device);
        var changed = new List<DeviceId>();
        twins.ReadChangesSince(0, changed);
        Assert.Equal([Two], changed);

        registry.Put([registry[One] with { Standing = DeviceStanding.InService, RefusedFrom = null }]);
        await twins.ConsumeAsync(Sample.Batch(3, Sample.Reading(4, Sample.At(5_001))), TestContext.Current.CancellationToken);
        Assert.Equal((DeviceState.Online, 4d), (twins.Read(One).Status.State, twins.Read(One).Latest[0].Value));
    }

    [Fact]
    public async Task A_changed_period_is_what_a_device_is_judged_by_from_then_on()
    {
        DeviceRegistry registry = Sample.Registry(Sample.Device("one", periodSeconds: 10));
        var twins = new TwinStore(registry, new TwinOptions(), Sample.Metrics);
        await twins.ConsumeAsync(Sample.Batch(0, Sample.Reading(1, Sample.At(0))), TestContext.Current.CancellationToken);

        registry.Put([registry[One] with { Period = Duration.FromSeconds(100) }]);
        twins.Tick(Sample.At(299));
        Assert.Equal(DeviceState.Online, twins.ReadStatus(One).State);
        twins.Tick(Sample.At(300));
        Assert.Equal(DeviceState.Stale, twins.ReadStatus(One).State);
    }

    [Fact]
    public async Task At_equal_times_the_newer_offset_wins()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(100))));
        await Consume(Sample.Batch(1, Sample.At(101), Sample.Reading(2, Sample.At(100))));

        Assert.Equal(2, Latest(One).Value);
    }

    [Fact]
    public async Task Back_filled_values_are_never_the_latest_but_prove_that_the_device_lives()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(100), quality: Quality.Historical)));

        TwinView twin = _twins.Read(One);
        Assert.Empty(twin.Latest);
        Assert.Equal(DeviceState.Online, twin.Status.State);
    }

    [Fact]
    public async Task Series_are_told_apart_by_metric_and_channel_and_bounded_per_device()
    {
        await Consume(Sample.Batch(0, [.. Enumerable.Range(0, 5).Select(i => Sample.Reading(i, Sample.At(0), channel: new ChannelId((short)i)))]));

        Assert.Equal([0d, 1, 2], _twins.Read(One).Latest.Select(reading => reading.Value));
        Assert.Equal(2, _twins.DroppedCount);
    }

    [Fact]
    public async Task Devices_behind_a_gateway_are_offline_with_it_until_they_are_heard_again()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(100), device: 2)));
        var death = new ReadingBatch();
        death.Clear(1);
        death.Commit(1, Sample.At(101), DeviceId.None, MessageOutcome.Ignored, 0);
        death.AddLost(Two);
        death.Commit(2, Sample.At(102), One, MessageOutcome.Stored, 0, Availability.Offline);
        await Consume(death);
        Assert.Equal((DeviceState.Offline, DeviceState.Offline), (_twins.ReadStatus(One).State, _twins.ReadStatus(Two).State));

        await Consume(Sample.Batch(3, Sample.Reading(1, Sample.At(103), device: 2)));
        Assert.Equal((DeviceState.Offline, DeviceState.Online), (_twins.ReadStatus(One).State, _twins.ReadStatus(Two).State));
    }

    [Fact]
    public async Task A_message_seen_before_changes_nothing()
    {
        ReadingBatch batch = Sample.Batch(7, Sample.Reading(1, Sample.At(100)));
        await Consume(batch);
        long version = _twins.Version;
        await Consume(batch);

        Assert.Equal((version, 8), (_twins.Version, _twins.NextOffset));
        Assert.Single(_twins.ReadMessages(One));
    }

    [Fact]
    public async Task Devices_inside_a_concentrators_message_are_seen_by_it_too()
    {
        await Consume(Sample.Batch(0, Sample.At(5), Sample.Reading(1, Sample.At(1)), Sample.Reading(2, Sample.At(2), device: 2)));

        Assert.Equal((DeviceState.Online, Sample.At(5)), (_twins.ReadStatus(Two).State, _twins.ReadStatus(Two).LastSeen));
        Assert.Single(_twins.ReadMessages(One));
        Assert.Empty(_twins.ReadMessages(Two));
    }

    [Fact]
    public async Task A_device_goes_stale_after_three_periods_and_offline_after_ten_and_comes_back()
    {
        var changes = new List<(DeviceState, DeviceState)>();
        _twins.StateChanged += change => changes.Add((change.From, change.To));
        Assert.Equal(DeviceState.NeverSeen, _twins.ReadStatus(One).State);

        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(0))));
        foreach ((double seconds, DeviceState expected) in new[] { (29.9, DeviceState.Online), (30, DeviceState.Stale), (99.9, DeviceState.Stale), (100, DeviceState.Offline) })
        {
            _twins.Tick(Sample.At(seconds));
            Assert.Equal(expected, _twins.ReadStatus(One).State);
        }

        await Consume(Sample.Batch(1, Sample.Reading(1, Sample.At(101))));
        Assert.Equal(
            [(DeviceState.NeverSeen, DeviceState.Online), (DeviceState.Online, DeviceState.Stale), (DeviceState.Stale, DeviceState.Offline), (DeviceState.Offline, DeviceState.Online)],
            changes);
    }

    [Fact]
    public async Task A_last_will_is_offline_at_once_until_the_device_speaks_again()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(0))));
        await Consume(Said(1, Sample.At(1), Availability.Offline));
        Assert.Equal((DeviceState.Offline, Sample.At(0)), (_twins.ReadStatus(One).State, _twins.ReadStatus(One).LastSeen));

        _twins.Tick(Sample.At(2));
        Assert.Equal(DeviceState.Offline, _twins.ReadStatus(One).State);

        await Consume(Said(2, Sample.At(3), Availability.Online));
        Assert.Equal(DeviceState.Online, _twins.ReadStatus(One).State);
    }

    [Fact]
    public async Task A_backlog_is_judged_by_todays_clock()
    {
        _twins.Tick(Sample.At(100_000));
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(0))));

        Assert.Equal(DeviceState.Offline, _twins.ReadStatus(One).State);
    }

    [Fact]
    public async Task The_last_messages_are_kept_newest_first_with_what_became_of_them()
    {
        for (int i = 0; i < 7; i++)
            await Consume(Sample.Batch(i, Sample.Reading(i, Sample.At(i))));
        var batch = new ReadingBatch();
        batch.Clear(7);
        batch.Rollback(7, Sample.At(7), One, QuarantineReason.Malformed, "profile x", 0);
        await Consume(batch);

        IReadOnlyList<LastMessage> messages = _twins.ReadMessages(One);
        Assert.Equal([7, 6, 5, 4, 3], messages.Select(message => message.Offset));
        Assert.Equal(new LastMessage(7, Sample.At(7), MessageOutcome.Quarantined, QuarantineReason.Malformed), messages[0]);
    }

    [Fact]
    public async Task Whoever_asks_what_changed_since_a_version_learns_it_once()
    {
        var changed = new List<DeviceId>();
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(0))));
        await Consume(Sample.Batch(1, Sample.Reading(1, Sample.At(1), device: 2)));

        long version = _twins.ReadChangesSince(0, changed);
        Assert.Equal([Two, One], changed);

        Assert.Equal(version, _twins.ReadChangesSince(version, changed));
        Assert.Empty(changed);

        await Consume(Sample.Batch(2, Sample.Reading(2, Sample.At(2))));
        _twins.ReadChangesSince(version, changed);
        Assert.Equal([One], changed);
        Assert.Equal(_twins.Version, _twins.ReadStatus(One).Version);
    }

    [Fact]
    public async Task Changes_reported_to_a_random_reader_are_those_of_a_naive_comparison()
    {
        var random = new Random(20261122);
        var devices = new Device[40];
        for (int i = 0; i < devices.Length; i++)
            devices[i] = Sample.Device($"d{i}");
        var twins = new TwinStore(Sample.Registry(devices), new TwinOptions(), Sample.Metrics);
        var seen = new Dictionary<DeviceId, long>();
        var changed = new List<DeviceId>();
        long version = 0;
        for (int offset = 0; offset < 3_000; offset++)
        {
            await twins.ConsumeAsync(Sample.Batch(offset, Sample.Reading(offset, Sample.At(offset), device: random.Next(1, 41))), TestContext.Current.CancellationToken);
            if (random.Next(10) != 0)
                continue;

            version = twins.ReadChangesSince(version, changed);
            IEnumerable<DeviceId> expected = Enumerable.Range(1, 40).Select(i => new DeviceId(i)).Where(id => twins.ReadStatus(id).Version != seen.GetValueOrDefault(id));
            Assert.Equal(expected.OrderBy(id => id.Value), changed.OrderBy(id => id.Value));
            foreach (DeviceId id in changed)
                seen[id] = twins.ReadStatus(id).Version;
        }
    }

    [Fact]
    public async Task After_a_restart_values_come_back_and_the_replay_goes_on_from_the_cursor()
    {
        _twins.Restore([Sample.Reading(5, Sample.At(10)), Sample.Reading(6, Sample.At(11), device: 2)], nextOffset: 100, listeningSince: Sample.At(0));
        _twins.Tick(Sample.At(12));
        Assert.Equal((5, -1, DeviceState.Online), (Latest(One).Value, Latest(One).Offset, _twins.ReadStatus(One).State));

        await Consume(Sample.Batch(99, Sample.Reading(7, Sample.At(50))));
        Assert.Equal(5, Latest(One).Value);

        await Consume(Sample.Batch(100, Sample.Reading(8, Sample.At(10))));
        Assert.Equal(8, Latest(One).Value);
    }

    [Fact]
    public async Task A_restart_of_ours_makes_nobody_offline_before_they_had_their_time_to_speak()
    {
        Instant restart = Sample.At(1_000_000);
        _twins.Restore([Sample.Reading(5, Sample.At(10)), Sample.Reading(6, Sample.At(11), device: 2)], nextOffset: 100, listeningSince: restart);

        _twins.Tick(restart);
        Assert.Equal(DeviceState.Stale, _twins.ReadStatus(One).State);

        await Consume(Sample.Batch(100, Sample.Reading(7, restart + Duration.FromSeconds(1))));
        Assert.Equal(DeviceState.Online, _twins.ReadStatus(One).State);

        _twins.Tick(restart + Duration.FromDays(1));
        Assert.Equal(DeviceState.Offline, _twins.ReadStatus(Two).State);
    }

    [Fact]
    public async Task The_headline_is_the_newest_of_a_metrics_channels()
    {
        await Consume(Sample.Batch(0, Sample.Reading(1, Sample.At(0), channel: new(1)), Sample.Reading(2, Sample.At(1), channel: new(2)), Sample.Reading(9, Sample.At(5), metric: Sample.Power)));

        Assert.True(_twins.ReadHeadline(One, Sample.Level, out LatestReading latest).HasValue);
        Assert.Equal(2, latest.Value);
        Assert.False(_twins.ReadHeadline(One, Sample.Mode, out _).HasValue);
        Assert.False(_twins.ReadHeadline(Two, Sample.Level, out _).HasValue);
    }

    [Fact]
    public async Task Taking_values_of_known_series_allocates_nothing()
    {
        ReadingBatch[] batches = [.. Enumerable.Range(0, 2_000).Select(i => Sample.Batch(i, Sample.Reading(i, Sample.At(i)), Sample.Reading(i, Sample.At(i), metric: Sample.Power)))];
        foreach (ReadingBatch batch in batches[..1_000])
            await Consume(batch);

        CancellationToken stopping = TestContext.Current.CancellationToken;
        int done = 0;
        long allocated = Allocations.Fewest(
            pass =>
            {
                foreach (ReadingBatch batch in batches.AsSpan(1_000 + (100 * pass), 100))
                    done += Done(_twins.ConsumeAsync(batch, stopping));
            },
            passes: 10);

        Assert.Equal((1_000, 0), (done, allocated));
    }

    [Fact]
    public async Task A_reader_never_meets_half_a_message()
    {
        // Every message sets both series to the same value, so any copy must show them equal.
        using var done = new CancellationTokenSource();
        Task<int> reading = Task.Run(() =>
        {
            int reads = 0;
            while (!done.IsCancellationRequested || reads == 0)
            {
                IReadOnlyList<LatestReading> latest = _twins.Read(One).Latest;
                Assert.True(latest.Count is 0 or 2);
                if (latest.Count == 2)
                    Assert.Equal(latest[0].Value, latest[1].Value);
                reads++;
            }

            return reads;
        });

        for (int i = 0; i < 20_000; i++)
            await Consume(Sample.Batch(i, Sample.Reading(i, Sample.At(i)), Sample.Reading(i, Sample.At(i), metric: Sample.Power)));
        await done.CancelAsync();

        Assert.True(await reading > 0);
    }

    private static ReadingBatch Said(long offset, Instant at, Availability availability)
    {
        var batch = new ReadingBatch();
        batch.Clear(offset);
        batch.Commit(offset, at, One, MessageOutcome.Stored, 0, availability);
        return batch;
    }

    private static int Done(ValueTask consumed) => consumed.IsCompletedSuccessfully ? 1 : 0;

    private ValueTask Consume(ReadingBatch batch) => _twins.ConsumeAsync(batch, TestContext.Current.CancellationToken);

    private LatestReading Latest(DeviceId device) => Assert.Single(_twins.Read(device).Latest);
}
