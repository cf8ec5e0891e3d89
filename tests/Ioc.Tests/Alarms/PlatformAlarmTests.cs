using Ioc.Alarms.Lifecycle;
using Xunit;

namespace Ioc.Tests.Alarms;

public class PlatformAlarmTests
{
    private static readonly PlatformFault Full = new("diskFull", "đầy", "full");
    private static readonly PlatformFault Slow = new("stalled", "chậm", "slow");
    private readonly AlarmDesk _desk = new();

    [Fact]
    public async Task A_fault_of_the_product_rises_once_changes_with_its_cause_and_returns()
    {
        await TellAsync(Full);
        await TellAsync(Full);
        Assert.Equal(("platform", "journal", 1, AlarmState.ActiveUnacknowledged, "diskFull", 1), Figures(_desk.Only));
        Assert.Equal(("đầy", "full"), (_desk.Only.MessageVi, _desk.Only.MessageEn));

        await TellAsync(Slow);
        Assert.Equal(("platform", "journal", 1, AlarmState.ActiveUnacknowledged, "stalled", 2), Figures(_desk.Only));

        await TellAsync(null);
        await TellAsync(null);
        Assert.Equal(AlarmState.ReturnedUnacknowledged, _desk.Only.State);
        await _desk.Acknowledge(_desk.Only.Id, _desk.Only.Version);
        Assert.Empty(_desk.Engine.Open);
        Assert.Equal(4, _desk.Announced.Count);
    }

    [Fact]
    public async Task After_a_restart_it_is_over_until_it_is_told_again_as_the_same_alarm()
    {
        await TellAsync(Full);
        long id = _desk.Only.Id;
        await _desk.Restart();
        Assert.Equal(AlarmState.ReturnedUnacknowledged, _desk.Only.State);

        await TellAsync(Full);
        Assert.Equal((id, AlarmState.ActiveUnacknowledged, 2), (_desk.Only.Id, _desk.Only.State, _desk.Only.Count));
    }

    [Fact]
    public async Task It_rises_though_as_many_alarms_are_open_as_may_be()
    {
        var desk = new AlarmDesk([AlarmDesk.Above(5)], new AlarmOptions { MaxOpen = 1 }, Devices.Sample.Device("gauge-1"));
        await desk.Engine.OpenAsync(TestContext.Current.CancellationToken);
        await desk.Measure(1, 6);
        await desk.Engine.TellPlatformAsync("journal", Full, TestContext.Current.CancellationToken);
        Assert.Equal(2, desk.Engine.Open.Count);
    }

    private static (string, string, int, AlarmState, string, int) Figures(Alarm alarm) =>
        (alarm.Device, alarm.RuleId, alarm.Priority, alarm.State, alarm.Condition, alarm.Count);

    private ValueTask TellAsync(PlatformFault? fault) => _desk.Engine.TellPlatformAsync("journal", fault, TestContext.Current.CancellationToken);
}
