using Ioc.Alarms.Lifecycle;
using Ioc.Alarms.Rules;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Testing;
using Ioc.Tests.Devices;
using NodaTime;
using Xunit;
using static Ioc.Alarms.Lifecycle.AlarmState;

namespace Ioc.Tests.Alarms;

public class AlarmEngineTests
{
    [Fact]
    public async Task A_value_at_the_limit_raises_and_tells_what_was_measured()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 5.99);
        Assert.Empty(desk.Engine.Open);

        await desk.Measure(10, 6.25);

        Alarm alarm = desk.Only;
        Assert.Equal((1L, "high", "gauge-1", "water_level", ActiveUnacknowledged, 1, 1), (alarm.Id, alarm.RuleId, alarm.Device, alarm.Metric, alarm.State, alarm.Count, alarm.Version));
        Assert.Equal((6.25, 6.25, 6d, "above", Sample.At(10), 1L), (alarm.Value, alarm.RaisedValue, alarm.Limit, alarm.Condition, alarm.RaisedAt, alarm.Offset));
        Assert.Equal(("gauge-1: 6,25 m, giới hạn 6", "gauge-1: 6.25 m, limit 6"), (alarm.MessageVi, alarm.MessageEn));
        Assert.Equal([alarm], desk.Announced);
    }

    [Fact]
    public async Task A_retired_device_ends_its_alarms_and_raises_none()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        Device gauge = desk.Registry[new DeviceId(1)];
        desk.Registry.Put([gauge with { Standing = DeviceStanding.Retired, RefusedFrom = Sample.At(1) }]);

        await desk.Tick(2);
        Assert.Equal(ReturnedUnacknowledged, desk.Only.State);
        await desk.Measure(3, 9);
        await desk.Tick(4);

        Assert.Equal((ReturnedUnacknowledged, 1), (desk.Only.State, desk.Only.Count));
    }

    [Fact]
    public async Task The_deadband_keeps_an_alarm_up_until_the_value_is_well_inside()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6, deadband: 0.5));
        await desk.Measure(0, 6);
        await desk.Measure(1, 5.5);
        Assert.Equal(ActiveUnacknowledged, desk.Only.State);

        await desk.Measure(2, 5.49);
        Assert.Equal((ReturnedUnacknowledged, Sample.At(2), 5.49), (desk.Only.State, desk.Only.ReturnedAt, desk.Only.Value));
    }

    [Fact]
    public async Task A_rule_may_watch_for_too_little()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(198) with { Comparison = Comparison.Below, Deadband = 2 });
        await desk.Measure(0, 198);
        Assert.Equal("below", desk.Only.Condition);
        await desk.Measure(1, 200);
        Assert.Equal(ActiveUnacknowledged, desk.Only.State);
        await desk.Measure(2, 200.1);
        Assert.Equal(ReturnedUnacknowledged, desk.Only.State);
    }

    [Fact]
    public async Task Each_channel_of_a_device_has_its_own_alarm()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(0) with { Metric = AlarmDesk.Metric("camera_online"), Comparison = Comparison.Is });
        await desk.Measure(0, 0, metric: Sample.Online, channel: "cam1");
        await desk.Measure(0, 1, metric: Sample.Online, channel: "cam2");
        await desk.Measure(1, 0, metric: Sample.Online, channel: "cam3");

        Assert.Equal(["cam1", "cam3"], desk.Engine.Open.Select(alarm => alarm.Channel));
    }

    [Fact]
    public async Task A_limit_may_be_each_devices_own_and_devices_without_it_are_not_watched()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(0) with { Limit = null, LimitParameter = "bd1_m" });
        await desk.Measure(0, 6.1, device: 1);
        await desk.Measure(0, 99, device: 2);

        Assert.Equal(("gauge-1", 6.0), (desk.Only.Device, desk.Only.Limit));
    }

    [Fact]
    public async Task An_alarm_that_nobody_acknowledged_counts_its_repeats_in_one_row()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        for (int i = 0; i < 4; i++)
        {
            await desk.Measure(2 * i, 8 + i);
            await desk.Measure((2 * i) + 1, 5);
        }

        await desk.Measure(10, 7);

        Assert.Equal((1L, ActiveUnacknowledged, 5, 8.0, 7.0), (desk.Only.Id, desk.Only.State, desk.Only.Count, desk.Only.RaisedValue, desk.Only.Value));
    }

    [Fact]
    public async Task Acknowledged_and_returned_closes_and_the_next_rise_is_another_alarm()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        desk.Clock.Set(Sample.At(5));
        Acknowledgement answer = await desk.Acknowledge(1, 1, "seen");
        Assert.Equal((AcknowledgeOutcome.Acknowledged, ActiveAcknowledged, 2), (answer.Outcome, answer.Current?.State, answer.Current?.Version));
        Assert.Equal((Sample.At(5), "operator", "seen"), (desk.Only.AcknowledgedAt, desk.Only.AcknowledgedBy, desk.Only.Comment));

        await desk.Measure(10, 5);
        Assert.Empty(desk.Engine.Open);
        Assert.Equal(Normal, Assert.Single(desk.Ledger.All).State);

        await desk.Measure(20, 7);
        Assert.Equal((2L, 1), (desk.Only.Id, desk.Only.Count));
    }

    [Fact]
    public async Task Returned_and_then_acknowledged_closes_too()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        await desk.Measure(1, 5);

        Assert.Equal(Normal, (await desk.Acknowledge(1, 2)).Current?.State);
        Assert.Empty(desk.Engine.Open);
        Assert.Equal([ActiveUnacknowledged, ReturnedUnacknowledged, Normal], desk.Announced.Select(alarm => alarm.State));
    }

    [Fact]
    public async Task An_operator_who_saw_an_older_version_is_told_what_is_now()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        await desk.Measure(1, 5);

        Acknowledgement stale = await desk.Acknowledge(1, 1);
        Assert.Equal((AcknowledgeOutcome.StaleVersion, desk.Only), (stale.Outcome, stale.Current));
        Assert.Equal(AcknowledgeOutcome.NotFound, (await desk.Acknowledge(77, 1)).Outcome);

        await desk.Acknowledge(1, 2);
        Assert.Equal((AcknowledgeOutcome.StaleVersion, Normal), await Outcome(desk, 1, 2));
        Assert.Equal((AcknowledgeOutcome.AlreadyAcknowledged, Normal), await Outcome(desk, 1, 3));

        await desk.Measure(2, 7);
        await desk.Acknowledge(2, 1);
        Assert.Equal((AcknowledgeOutcome.AlreadyAcknowledged, ActiveAcknowledged), await Outcome(desk, 2, 2));
    }

    [Theory]
    [InlineData(Quality.Bad)]
    [InlineData(Quality.Suspect)]
    [InlineData(Quality.Calibrating)]
    [InlineData(Quality.Historical)]
    [InlineData(Quality.OutOfRange)]
    [InlineData(Quality.Clock | Quality.Bad)]
    public async Task A_doubtful_value_neither_raises_nor_ends(Quality quality)
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7, quality: quality);
        Assert.Empty(desk.Engine.Open);

        await desk.Measure(1, 7);
        await desk.Measure(2, 5, quality: quality);
        Assert.Equal((ActiveUnacknowledged, 1), (desk.Only.State, desk.Only.Version));
    }

    [Fact]
    public async Task A_value_older_than_the_last_is_passed_over()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(100, 5);
        await desk.Measure(50, 9, seen: 101);
        Assert.Empty(desk.Engine.Open);
    }

    [Fact]
    public async Task The_delay_runs_out_with_values_or_with_time()
    {
        var byValues = new AlarmDesk(AlarmDesk.Above(6, onDelay: 30));
        await byValues.Measure(0, 7);
        await byValues.Measure(29, 7);
        Assert.Empty(byValues.Engine.Open);
        await byValues.Measure(30, 7);
        Assert.Equal(Sample.At(30), byValues.Only.RaisedAt);

        var byTime = new AlarmDesk(AlarmDesk.Above(6, onDelay: 30));
        await byTime.Measure(0, 7);
        await byTime.Tick(29.9);
        Assert.Empty(byTime.Engine.Open);
        await byTime.Tick(30);
        Assert.Equal((7.0, ActiveUnacknowledged), (byTime.Only.Value, byTime.Only.State));
    }

    [Fact]
    public async Task A_value_inside_starts_the_delay_anew()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6, onDelay: 30));
        await desk.Measure(0, 7);
        await desk.Measure(20, 5);
        await desk.Measure(25, 7);
        await desk.Tick(50);
        Assert.Empty(desk.Engine.Open);
        await desk.Tick(55);
        Assert.Single(desk.Engine.Open);
    }

    [Fact]
    public async Task A_backlog_does_not_let_the_delay_run_out_by_its_age()
    {
        // Read at 10,000 s: the rise and the fall of long ago come right after each other, with a tick between them.
        var desk = new AlarmDesk(AlarmDesk.Above(6, onDelay: 30));
        await desk.Measure(0, 7, seen: 10_000);
        await desk.Tick(10_001);
        await desk.Measure(10, 5, seen: 10_002);
        await desk.Tick(20_000);

        Assert.Empty(desk.Announced);
    }

    [Fact]
    public async Task An_alarm_returns_after_its_own_delay()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6, offDelay: 60));
        await desk.Measure(0, 7);
        await desk.Measure(10, 5);
        await desk.Tick(69);
        Assert.Equal(ActiveUnacknowledged, desk.Only.State);
        await desk.Tick(70);
        Assert.Equal(ReturnedUnacknowledged, desk.Only.State);
    }

    [Fact]
    public async Task A_threshold_that_changes_on_a_date_goes_on_with_the_same_alarm()
    {
        // The device's days begin at 17:00 UTC; the start is 23 November 08:00 in Việt Nam.
        var desk = new AlarmDesk(
            AlarmDesk.Above(6) with { ValidTo = new LocalDate(2026, 11, 23) },
            AlarmDesk.Above(8) with { ValidFrom = new LocalDate(2026, 11, 24) });
        double midnight = Duration.FromHours(16).TotalSeconds;

        await desk.Measure(midnight - 1, 7);
        Assert.Equal(6, desk.Only.Limit);
        await desk.Measure(midnight, 7);
        Assert.Equal((1L, ReturnedUnacknowledged), (desk.Only.Id, desk.Only.State));
    }

    [Fact]
    public async Task An_alarm_ends_when_its_rule_is_no_longer_in_force()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6) with { ValidTo = new LocalDate(2026, 11, 23) });
        await desk.Measure(0, 7);
        await desk.Tick(Duration.FromHours(16).TotalSeconds - 1);
        Assert.Equal(ActiveUnacknowledged, desk.Only.State);

        await desk.Tick(Duration.FromHours(16).TotalSeconds);
        Assert.Equal(ReturnedUnacknowledged, desk.Only.State);
    }

    [Fact]
    public async Task A_devices_silence_is_an_alarm_where_a_rule_says_so()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(0) with { Metric = null, Limit = null, Comparison = Comparison.State, State = DeviceState.Offline });
        await Go(desk, DeviceState.Online, DeviceState.Stale, 30);
        Assert.Empty(desk.Engine.Open);

        await Go(desk, DeviceState.Stale, DeviceState.Offline, 100);
        Assert.Equal(("offline", null, null, -1L), (desk.Only.Condition, desk.Only.Metric, desk.Only.Value, desk.Only.Offset));

        await Go(desk, DeviceState.Offline, DeviceState.Online, 200);
        Assert.Equal((ReturnedUnacknowledged, Sample.At(200)), (desk.Only.State, desk.Only.ReturnedAt));
    }

    [Fact]
    public async Task When_as_many_as_may_be_are_open_a_new_alarm_waits_for_room()
    {
        var desk = new AlarmDesk([AlarmDesk.Above(6)], new AlarmOptions { MaxOpen = 1 }, Sample.Device("gauge-1"), Sample.Device("gauge-2"));
        await desk.Measure(0, 7, device: 1);
        await desk.Measure(1, 7, device: 2);
        Assert.Equal(("gauge-1", 1L), (desk.Only.Device, desk.Engine.RefusedCount));

        await desk.Measure(2, 5, device: 1);
        await desk.Acknowledge(1, 2);
        await desk.Measure(3, 7, device: 2);
        Assert.Equal("gauge-2", desk.Only.Device);
    }

    [Fact]
    public async Task As_many_series_as_may_be_are_watched_and_the_others_are_counted()
    {
        var desk = new AlarmDesk([AlarmDesk.Above(6)], new AlarmOptions { MaxConditions = 2 }, Sample.Device("gauge-1"));
        for (int i = 0; i < 5; i++)
            await desk.Measure(i, 7, channel: $"c{i}");

        Assert.Equal((2, 3L), (desk.Engine.Open.Count, desk.Engine.UnwatchedCount));
    }

    [Fact]
    public async Task Watching_ordinary_values_allocates_nothing_per_value()
    {
        var desk = new AlarmDesk([AlarmDesk.Above(6), AlarmDesk.Above(7, id: "higher")], new AlarmOptions { SaveCursorEvery = 1_000_000 }, Sample.Device("gauge-1"));
        ReadingBatch[] batches = [.. Enumerable.Range(0, 4).Select(TenThousandMessages)];
        CancellationToken stopping = TestContext.Current.CancellationToken;
        int done = 0;

        long allocated = Allocations.Fewest(pass => done += Done(desk.Engine.ConsumeAsync(batches[pass], stopping)), batches.Length);

        Assert.Equal(4, done);
        // The call itself may cost its state machine; ten thousand messages may cost nothing.
        Assert.InRange(allocated, 0, 500);
        Assert.Equal(40_000, desk.Engine.NextOffset);
    }

    [Fact]
    public async Task Operators_and_readings_at_the_same_time_leave_one_consistent_history()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        CancellationToken stopping = TestContext.Current.CancellationToken;
        Task operators = Task.Run(
            async () =>
            {
                while (desk.Engine.NextOffset < 2_000)
                {
                    foreach (Alarm alarm in desk.Engine.Open)
                        await desk.Acknowledge(alarm.Id, alarm.Version);
                    await Task.Yield();
                }
            },
            stopping);

        for (int i = 0; i < 2_000; i++)
            await desk.Engine.ConsumeAsync(Sample.Batch(i, Sample.Reading(i % 2 == 0 ? 7 : 5, Sample.At(i))), stopping);
        await operators;

        // The ledger refuses a version that does not go up; here each alarm's announced versions follow each other without a gap.
        foreach (IGrouping<long, Alarm> history in desk.Announced.GroupBy(alarm => alarm.Id))
            Assert.Equal(Enumerable.Range(1, history.Count()), history.Select(alarm => alarm.Version));
        Assert.True(desk.Engine.Open.Count <= 1);
    }

    private static ReadingBatch TenThousandMessages(int round)
    {
        var batch = new ReadingBatch();
        batch.Clear(round * 10_000);
        for (int i = 0; i < 10_000; i++)
        {
            Instant at = Sample.At((round * 10_000) + i);
            int first = batch.ReadingCount;
            batch.Add(Sample.Reading(i % 5, at));
            batch.Add(Sample.Reading(i, at, metric: Sample.Power));
            batch.Commit(batch.NextOffset, at, new DeviceId(1), MessageOutcome.Stored, first);
        }

        return batch;
    }

    private static int Done(ValueTask consumed) => consumed.IsCompletedSuccessfully ? 1 : 0;

    private static async Task<(AcknowledgeOutcome, AlarmState?)> Outcome(AlarmDesk desk, long id, int version)
    {
        Acknowledgement answer = await desk.Acknowledge(id, version);
        return (answer.Outcome, answer.Current?.State);
    }

    private static async Task Go(AlarmDesk desk, DeviceState from, DeviceState to, double seconds)
    {
        desk.Clock.Set(Sample.At(seconds));
        await desk.Engine.ConsumeStatesAsync([new DeviceStateChange(new DeviceId(1), from, to, Sample.At(seconds))], TestContext.Current.CancellationToken);
    }
}
