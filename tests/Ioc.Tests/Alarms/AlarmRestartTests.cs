using Ioc.Alarms.Lifecycle;
using Ioc.Tests.Devices;
using Xunit;
using static Ioc.Alarms.Lifecycle.AlarmState;

namespace Ioc.Tests.Alarms;

public class AlarmRestartTests
{
    [Fact]
    public async Task Open_alarms_come_back_and_return_as_if_nothing_had_happened()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7, channel: "east");
        await desk.Measure(1, 8, device: 2);
        await desk.Acknowledge(1, 1);

        await desk.Restart();
        Assert.Equal([(1L, ActiveAcknowledged), (2L, ActiveUnacknowledged)], desk.Engine.Open.Select(alarm => (alarm.Id, alarm.State)));

        await desk.Measure(10, 5, channel: "east");
        Assert.Equal((2L, "gauge-2"), (desk.Only.Id, desk.Only.Device));
        await desk.Measure(11, 7);
        Assert.Equal([2L, 3], desk.Engine.Open.Select(alarm => alarm.Id));
    }

    [Fact]
    public async Task Messages_below_the_cursor_raise_and_announce_nothing_again()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        await desk.Measure(1, 5);
        Assert.Equal(2, desk.Ledger.NextOffset);
        desk.Announced.Clear();

        await desk.Restart();
        await desk.Engine.ConsumeAsync(Sample.Batch(0, Sample.Reading(7, Sample.At(0))), TestContext.Current.CancellationToken);
        await desk.Engine.ConsumeAsync(Sample.Batch(1, Sample.Reading(5, Sample.At(1))), TestContext.Current.CancellationToken);

        Assert.Empty(desk.Announced);
        Assert.Equal((ReturnedUnacknowledged, 1), (desk.Only.State, desk.Only.Count));
    }

    [Fact]
    public async Task After_a_restart_an_older_value_still_does_not_end_an_alarm()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(100, 7);
        await desk.Restart();
        await desk.Measure(50, 5, seen: 101);

        Assert.Equal(ActiveUnacknowledged, desk.Only.State);
    }

    [Fact]
    public async Task What_could_not_be_saved_is_not_announced_and_goes_with_the_next_save()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        desk.Ledger.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => desk.Measure(0, 7));
        Assert.Empty(desk.Announced);
        Assert.Empty(desk.Engine.Open);
        Assert.Equal((1L, 0L), (desk.Engine.NextOffset, desk.Engine.SavedOffset));

        desk.Ledger.Fails = false;
        await desk.Tick(1);
        Assert.Equal((1, 1), (desk.Only.Count, Assert.Single(desk.Announced).Version));
        Assert.Equal(1, desk.Ledger.NextOffset);
    }

    [Fact]
    public async Task An_acknowledgement_that_could_not_be_saved_has_not_happened()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        desk.Ledger.Fails = true;
        await Assert.ThrowsAsync<IOException>(async () => await desk.Acknowledge(1, 1));
        desk.Ledger.Fails = false;

        Assert.Equal((ActiveUnacknowledged, 1), (desk.Only.State, desk.Only.Version));
        Assert.Equal(AcknowledgeOutcome.Acknowledged, (await desk.Acknowledge(1, 1)).Outcome);
        await desk.Measure(1, 5);
        Assert.Empty(desk.Engine.Open);
    }

    [Fact]
    public async Task A_closing_acknowledgement_that_could_not_be_saved_leaves_the_alarm_on_its_condition()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6));
        await desk.Measure(0, 7);
        await desk.Measure(1, 5);
        desk.Ledger.Fails = true;
        await Assert.ThrowsAsync<IOException>(async () => await desk.Acknowledge(1, 2));
        desk.Ledger.Fails = false;

        await desk.Measure(2, 7);
        Assert.Equal((1L, 2), (desk.Only.Id, desk.Only.Count));
    }

    [Fact]
    public async Task An_alarm_whose_rule_or_device_has_gone_ends_at_start_and_can_still_be_acknowledged()
    {
        var desk = new AlarmDesk(AlarmDesk.Above(6), AlarmDesk.Above(6.5, id: "other"));
        await desk.Measure(0, 7, device: 1);
        await desk.Measure(1, 7, device: 2);
        await desk.Acknowledge(2, 1);
        desk.Rules = [AlarmDesk.Above(6)];
        desk.Registry = Sample.Registry(Sample.Device("gauge-1"));

        await desk.Restart();

        Assert.Equal(
            [(1L, ActiveUnacknowledged), (3L, ReturnedUnacknowledged), (4L, ReturnedUnacknowledged)],
            desk.Ledger.All.OrderBy(alarm => alarm.Id).Where(alarm => alarm.IsOpen).Select(alarm => (alarm.Id, alarm.State)));
        Alarm gone = desk.Engine.Open[1];
        Assert.Equal(Normal, (await desk.Acknowledge(gone.Id, gone.Version)).Current?.State);
    }

    [Fact]
    public async Task The_cursor_is_saved_now_and_then_even_when_no_alarm_changes()
    {
        var desk = new AlarmDesk([AlarmDesk.Above(6)], new AlarmOptions { SaveCursorEvery = 10, SaveCursorSeconds = 60 }, Sample.Device("gauge-1"));
        for (int i = 0; i < 9; i++)
            await desk.Measure(i, 1);
        Assert.Equal(0, desk.Ledger.SaveCount);

        await desk.Measure(9, 1);
        Assert.Equal((1, 10L), (desk.Ledger.SaveCount, desk.Ledger.NextOffset));

        await desk.Measure(10, 1);
        await desk.Tick(60);
        Assert.Equal(10, desk.Ledger.NextOffset);
        await desk.Tick(69);
        Assert.Equal((11L, 11L), (desk.Ledger.NextOffset, desk.Engine.SavedOffset));
    }
}
