using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Ioc.Storage;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>What must happen though no message arrives: devices grow stale, delays run out, the journal may be trimmed, first contacts are kept.</summary>
internal sealed class Upkeep(
    RecordJournal journal,
    TwinStore twins,
    StateChanges states,
    AlarmEngine alarms,
    JournalAlarm journalAlarm,
    IReadingStore store,
    FirstContacts contacts,
    Refusals refusals,
    IClock clock,
    TimeProvider time,
    ILogger<Upkeep> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TurnAsync(clock.GetCurrentInstant(), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Operational storage may be full or locked for a while; the next turn tries again, nothing is lost meanwhile.
                UpkeepLog.Failed(log, e);
            }
        }
    }

    private async Task TurnAsync(Instant now, CancellationToken stopping)
    {
        twins.Tick(now);
        if (states.Take() is { Count: > 0 } changes)
            await alarms.ConsumeStatesAsync(changes, stopping);
        await alarms.TickAsync(now, stopping);
        await journalAlarm.LookAsync(now, stopping);
        await contacts.SaveAsync(stopping);
        await refusals.SaveAsync(stopping);
        journal.SetCursor(store.Name, store.Balance.NextOffset);
        journal.SetCursor(alarms.Name, alarms.SavedOffset);
        journal.SetCursor(twins.Name, twins.NextOffset);
    }
}

internal static partial class UpkeepLog
{
    [LoggerMessage(9010, LogLevel.Error, "Upkeep failed and is tried again")]
    public static partial void Failed(ILogger log, Exception exception);
}
