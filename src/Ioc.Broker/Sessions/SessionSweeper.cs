using Ioc.Broker.Routing;
using Microsoft.Extensions.Hosting;

namespace Ioc.Broker.Sessions;

/// <summary>Once a second: ends sessions whose time is over, sends wills whose delay is over, and takes shared messages from members that stopped taking them.</summary>
internal sealed class SessionSweeper(SessionRegistry sessions, SubscriptionTree subscriptions, RetainedStore retained, Publisher publisher, TimeProvider time) : BackgroundService
{
    private const int ChangesPerBatch = 256;
    private const int RetainedSweepSeconds = 60;

    // A member that has taken nothing for so long while messages wait is treated as gone.
    private const int StalledMs = 5_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>One round.</summary>
    public void Sweep(long nowMs)
    {
        if (sessions.IsReplaying)
            return;

        foreach (Session[] due in sessions.All.Where(session => IsDue(session, nowMs)).Chunk(ChangesPerBatch))
        {
            publisher.Begin();
            try
            {
                foreach (Session session in due)
                    Settle(session, nowMs);
            }
            finally
            {
                publisher.End();
            }
        }

        foreach (Session[] waiting in sessions.All.Where(session => session.Outgoing.Waiting > 0).Chunk(ChangesPerBatch))
            HandOver(waiting);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            for (int round = 1; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                long now = time.GetUtcNow().ToUnixTimeMilliseconds();
                Sweep(now);
                if (round % RetainedSweepSeconds == 0)
                    retained.Sweep(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    // Inside the batch: subscriptions change there.
    private bool CanHandOver(Session session)
    {
        foreach ((byte[] filter, _) in session.Subscriptions)
        {
            if (subscriptions.FindGroup(filter) is { } group && group.HasEager(session))
                return true;
        }

        return false;
    }

    private void HandOver(Session[] waiting)
    {
        publisher.Begin();
        try
        {
            foreach (Session session in waiting)
            {
                if (CanHandOver(session))
                    sessions.HandOver(session.Outgoing.TakeShared(session.Writer is null ? 0 : StalledMs), session, keep: true);
            }
        }
        finally
        {
            publisher.End();
        }
    }

    private static bool IsDue(Session session, long nowMs) => session.IsExpired(nowMs) || session.Will?.DueAtMs <= nowMs;

    // Looked at again: the client may have come back since.
    private void Settle(Session session, long nowMs)
    {
        bool expired = session.IsExpired(nowMs);
        if (session.DetachedAtMs is not null && session.Will is { } will && (expired || will.DueAtMs <= nowMs))
        {
            session.Will = null;
            publisher.Publish(will.Message, session, nowMs);
            publisher.WillSettled(session);
        }

        if (expired)
            sessions.End(session);
    }
}
