using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Ioc.Server.Pipeline;
using Ioc.Storage;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Replay;

/// <summary>Carries an approved replay through, step by step and after a restart too, then lets index and twins follow.</summary>
/// <remarks>
/// Alarms are not told: what was measured in the past raises nothing now. Everything after the steps may be done twice; the plan is over only
/// when all of it was done.
/// </remarks>
internal sealed class ReplayCarrier(
    IReplayStore replays,
    IReadingStore store,
    RecordJournal journal,
    QuarantineIndex quarantine,
    TwinStore twins,
    DeviceRegistry registry,
    FirstContacts contacts,
    IOptions<ReplayOptions> options,
    TimeProvider time,
    ILogger<ReplayCarrier> log)
{
    // Devices remember some twenty messages each: what became of the newest ones is put right in the twins too.
    private const int MaxAmended = 50_000;
    private const int PageMessages = 1_000;

    private static readonly TimeSpan LivePause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes the plan with this token binding.</summary>
    public async Task<ReplayPlan> ApproveAsync(string token, string by, CancellationToken stopping)
    {
        ReplayPlan plan = await replays.ApproveAsync(token, by, Resolve, stopping);
        await contacts.SaveAsync(stopping);
        return plan;
    }

    /// <summary>Does what is left of an approved plan.</summary>
    public async Task CarryAsync(ReplayPlan plan, CancellationToken stopping)
    {
        while (await StepAsync(plan, stopping) is not null)
            await LiveFirstAsync(stopping);

        await AmendAsync(stopping);
        int corrected = await CorrectAsync(stopping);
        await replays.FinishAsync(stopping);
        ReplayLog.Committed(log, plan.Id, plan.Difference?.ChangedMessages ?? 0, corrected);
    }

    // A step waits while live messages cannot be committed: they go first.
    private async Task<ReplayStep?> StepAsync(ReplayPlan plan, CancellationToken stopping)
    {
        if (plan.State == ReplayState.Applied)
            return null;

        string? told = null;
        while (true)
        {
            try
            {
                return await replays.CommitStepAsync(options.Value.StepMessages, stopping);
            }
            catch (StorageException e)
            {
                if (told != e.Message)
                    ReplayLog.StepWaits(log, plan.Id, e.Message);
                told = e.Message;
            }

            await Task.Delay(Retry, time, stopping);
        }
    }

    private async Task LiveFirstAsync(CancellationToken stopping)
    {
        while (journal.DurableOffset - store.NextOffset > options.Value.LiveLag)
            await Task.Delay(LivePause, time, stopping);
    }

    private async Task AmendAsync(CancellationToken stopping)
    {
        var newest = new Dictionary<long, (MessageOutcome, QuarantineReason)>();
        long from = 0;
        while (await replays.AmendedAsync(from, PageMessages, stopping) is { Count: > 0 } page)
        {
            await quarantine.AmendAsync([.. page.Select(message => message.Offset)], [.. page.Where(message => message.Outcome == MessageOutcome.Quarantined).Select(EntryOf)], stopping);
            if (newest.Count + page.Count > MaxAmended)
                newest.Clear();
            foreach (AmendedMessage message in page)
                newest[message.Offset] = (message.Outcome, message.Reason);
            from = page[^1].Offset + 1;
        }

        if (newest.Count > 0)
            twins.Amend(newest);
    }

    private static QuarantineEntry EntryOf(AmendedMessage message) => new(message.Offset, message.ReceivedAt, null, null, message.Reason, message.Detail);

    private async Task<int> CorrectAsync(CancellationToken stopping)
    {
        // Before the question, so that a value stored meanwhile passes for not stored yet and stays.
        long below = store.Balance.NextOffset;
        IReadOnlyList<NewestReading> newest = await replays.NewestAsync(stopping);
        return twins.Correct(
            [
                .. newest.Select(series => new TwinCorrection(
                    series.Device,
                    series.Metric,
                    series.Channel,
                    series.Reading is { } reading ? new LatestReading(reading.Metric, reading.Channel, reading.Value, reading.MeasuredAt, reading.Quality, series.Offset) : null)),
            ],
            below);
    }

    private DeviceId Resolve(NewDevice device)
    {
        byte[] source = Encoding.UTF8.GetBytes(device.Source);
        byte[] key = Encoding.UTF8.GetBytes(device.Key);
        DeviceId known = registry.Find(source, key);
        return known != DeviceId.None || device.Family.Length == 0 ? known : registry.Resolve(source, key, device.Profile, device.Family);
    }
}
