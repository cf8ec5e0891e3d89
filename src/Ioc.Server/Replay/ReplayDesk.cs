using System.Text.Json;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Ioc.Storage;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Takes orders for replays: one at a time, compared first and committed only by the token of what was seen. Everything is written down.</summary>
/// <remarks>
/// Work goes on in the background, beside the live pipeline. <c>_work</c> is the task under way; only whoever holds <c>_orders</c> replaces it.
/// </remarks>
internal sealed class ReplayDesk(
    IReplayStore replays,
    IReadingStore store,
    RecordJournal journal,
    ReplayScan scan,
    ReplayCarrier carrier,
    ReplayViews views,
    ProfileEditions editions,
    ProfileVersions versions,
    DecodeLedger ledger,
    IClock clock,
    TimeProvider time,
    ILogger<ReplayDesk> log) : BackgroundService
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _orders = new(1);
    private readonly CancellationTokenSource _ending = new();
    private CancellationTokenSource _comparing = new();
    private Task _work = Task.CompletedTask;
    private Failure? _failure;
    private double _progress;
    private long _chosen;

    /// <summary>Where the replay is.</summary>
    public async Task<ReplayStatus> StatusAsync(CancellationToken stopping)
    {
        Failure? failure = Volatile.Read(ref _failure);
        if (await replays.FindPlanAsync(stopping) is { } plan)
            return views.Of(plan, Volatile.Read(ref _progress), Interlocked.Read(ref _chosen), failure?.Replay == plan.Id ? failure.Words : null);

        return failure is null ? ReplayStatus.None : ReplayStatus.None with { State = "failed", Failure = failure.Words };
    }

    /// <summary>Starts to compare. Small selections are compared when this returns.</summary>
    /// <exception cref="ReplayRefusedException">Another replay is under way, or the store cannot do it.</exception>
    public async Task<ReplayStatus> CompareAsync(ReplaySelection selection, string by, CancellationToken stopping)
    {
        Task work = await OrderAsync(async () =>
        {
            string json = selection.ToJson();
            ProfileEdition edition = editions.Current;
            Instant now = clock.GetCurrentInstant();
            long id = await ledger.WriteAsync(now, by, "compare", json, null, stopping);
            var plan = new ReplayPlan(id, ReplayState.Comparing, json, edition.Id, by, now, store.Balance.NextOffset, "", null, 0, null);
            await replays.BeginAsync(plan, stopping);
            Begin();
            _comparing = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            return () => CompareAsync(plan, selection, edition.Set, _comparing.Token);
        }, stopping);
        await Task.WhenAny(work, Task.Delay(Patience, time, stopping));
        return await StatusAsync(stopping);
    }

    /// <summary>Commits exactly the difference that a token names. Committing it again changes nothing.</summary>
    /// <exception cref="ReplayRefusedException">Profiles or data have changed since, or the token is not the current one.</exception>
    public async Task<ReplayStatus> CommitAsync(string token, string by, CancellationToken stopping)
    {
        if (await replays.FindPlanAsync(stopping) is { State: ReplayState.Committing or ReplayState.Applied or ReplayState.Done } again && again.Token == token)
            return await StatusAsync(stopping);

        Task work = await OrderAsync(async () =>
        {
            ReplayPlan? plan = await replays.FindPlanAsync(stopping);
            if (plan is not null && plan.Profiles != editions.Current.Id)
                throw new ReplayRefusedException("The profiles have changed since the comparison. Compare again.");

            plan = await carrier.ApproveAsync(token, by, stopping);
            await ledger.WriteAsync(clock.GetCurrentInstant(), by, "commit", plan.Selection, CountsOf(plan), stopping);
            Begin();
            return () => CarryAsync(plan, _ending.Token);
        }, stopping);
        await Task.WhenAny(work, Task.Delay(Patience, time, stopping));
        return await StatusAsync(stopping);
    }

    /// <summary>Ends a comparison, or throws away its result.</summary>
    public async Task<ReplayStatus> DiscardAsync(string by, CancellationToken stopping)
    {
        await _comparing.CancelAsync();
        await _work.ContinueWith(static _ => { }, stopping, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await OrderAsync(async () =>
        {
            if (await replays.FindPlanAsync(stopping) is { } plan)
            {
                await replays.DiscardAsync(stopping);
                await ledger.WriteAsync(clock.GetCurrentInstant(), by, "discard", plan.Selection, null, stopping);
            }

            Volatile.Write(ref _failure, null);
            return () => Task.CompletedTask;
        }, stopping);
        return await StatusAsync(stopping);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await _work.ContinueWith(static _ => { }, cancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _orders.Dispose();
        _comparing.Dispose();
        _ending.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await versions.NoteAsync(stoppingToken);
        if (replays.Refusal is null)
            await ResumeAsync(stoppingToken);

        using var timer = new PeriodicTimer(ForgetEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await versions.NoteAsync(stoppingToken);
                await replays.ForgetBelowAsync(journal.FirstOffset, stoppingToken);
            }
            catch (StorageException)
            {
                // Live messages go first; the next hour will do.
            }
        }
    }

    // What the last process left: an approved plan goes on, a comparison cut off is worth nothing.
    private async Task ResumeAsync(CancellationToken stopping)
    {
        await OrderAsync(async () =>
        {
            switch (await replays.FindPlanAsync(stopping))
            {
                case { State: ReplayState.Committing or ReplayState.Applied } plan:
                    ReplayLog.Resumed(log, plan.Id, plan.DoneCount);
                    Begin();
                    return () => CarryAsync(plan, _ending.Token);
                case { State: ReplayState.Comparing }:
                    await replays.DiscardAsync(stopping);
                    break;
            }

            return () => Task.CompletedTask;
        }, stopping);
    }

    private async Task<Task> OrderAsync(Func<Task<Func<Task>>> prepare, CancellationToken stopping)
    {
        if (replays.Refusal is { } refusal)
            throw new ReplayRefusedException(refusal);

        await _orders.WaitAsync(stopping);
        try
        {
            if (!_work.IsCompleted)
                throw new ReplayRefusedException("A replay is under way; wait for it, or discard it.");

            Func<Task> work = await prepare();
            return _work = Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _orders.Release();
        }
    }

    private void Begin()
    {
        Volatile.Write(ref _failure, null);
        Volatile.Write(ref _progress, 0);
        Interlocked.Exchange(ref _chosen, 0);
    }

    private Task CompareAsync(ReplayPlan plan, ReplaySelection selection, ProfileSet profiles, CancellationToken stopping) => WorkAsync(plan, async () =>
    {
        await scan.RunAsync(selection, profiles, plan.Horizon, (read, all, chosen) =>
        {
            Volatile.Write(ref _progress, all == 0 ? 1 : (double)read / all);
            Interlocked.Exchange(ref _chosen, chosen);
        }, stopping);
        ReplayPlan ready = await replays.CompareAsync(stopping);
        ReplayDifference found = ready.Difference!;
        ReplayLog.Compared(log, plan.Id, found.Messages, found.Added, found.Changed, found.Removed);
        await ledger.WriteAsync(clock.GetCurrentInstant(), plan.By, "compared", plan.Selection, CountsOf(ready), stopping);
    });

    private Task CarryAsync(ReplayPlan plan, CancellationToken stopping) => WorkAsync(plan, async () =>
    {
        await carrier.CarryAsync(plan, stopping);
        await ledger.WriteAsync(clock.GetCurrentInstant(), plan.CommittedBy ?? plan.By, "committed", plan.Selection, CountsOf(plan), stopping);
    });

    // The edge of background work: a failure is told once, and in the status; an approved plan goes on with the next start.
    private async Task WorkAsync(ReplayPlan plan, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            Volatile.Write(ref _failure, new Failure(plan.Id, "It was stopped."));
        }
        catch (ReplayRefusedException e)
        {
            Volatile.Write(ref _failure, new Failure(plan.Id, e.Message));
        }
        catch (Exception e)
        {
            Volatile.Write(ref _failure, new Failure(plan.Id, e.Message));
            ReplayLog.Failed(log, plan.Id, e);
        }
    }

    private static string CountsOf(ReplayPlan plan) => plan.Difference is not { } found ? "{}" : JsonSerializer.Serialize(new
    {
        replay = plan.Id,
        profiles = plan.Profiles,
        messages = found.Messages,
        changedMessages = found.ChangedMessages,
        added = found.Added,
        changed = found.Changed,
        removed = found.Removed,
        unchanged = found.Unchanged,
        duplicate = found.Duplicate,
        unknown = found.Unknown,
        newDevices = found.NewDeviceCount,
    });

    private sealed record Failure(long Replay, string Words);
}
