using System.Buffers;
using Ioc.Broker;
using Ioc.Journal;
using Ioc.Journal.Recovery;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>Brings the broker's sessions and retained messages back at start, and writes the snapshots that keep that short.</summary>
/// <remarks>The journal keeps everything from the older of two snapshots on: either of them, with what follows it, is the whole state.</remarks>
internal sealed class SessionKeeper(
    RecordJournal journal,
    BrokerRecovery broker,
    IOptions<JournalOptions> options,
    TimeProvider time,
    ILogger<SessionKeeper> log) : BackgroundService
{
    private const string Cursor = "sessions";

    // A replay of so many records takes some tens of milliseconds.
    private const long MostReplayed = 500_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly SnapshotFile _file = new(Path.Combine(options.Value.Path, "sessions.snapshot"), log);
    private long _snapshotOffset;
    private long _snapshotVersion;
    private long _snapshotAt;

    /// <summary>Before the doors open.</summary>
    public void Restore(CancellationToken stopping)
    {
        Snapshot? snapshot = _file.Read();
        bool known = snapshot is not null && snapshot.Offset <= journal.TailOffset && broker.TryRestoreSnapshot(snapshot.Bytes.Span);
        long next = known ? Math.Max(snapshot!.Offset, journal.FirstOffset) : journal.FirstOffset;
        long from = next;
        journal.SetCursor(Cursor, Math.Min(Math.Max(_file.RetainFrom, journal.FirstOffset), next));
        while (next < journal.DurableOffset && !stopping.IsCancellationRequested)
        {
            try
            {
                next = Replay(next, stopping);
            }
            catch (JournalCorruptException damage)
            {
                // A bad sector may cost the changes on it, not the start. The pipeline sets aside messages that no consumer has seen.
                SessionKeeperLog.Damaged(log, damage.Message);
                next = damage.ResumeOffset;
            }
        }

        broker.Complete();
        SessionKeeperLog.Restored(log, broker.SessionCount, broker.RetainedCount, next - from);
        (_snapshotOffset, _snapshotVersion, _snapshotAt) = (known ? snapshot!.Offset : -1, broker.Version, time.GetTimestamp());
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (IsDue())
                    await SaveAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private bool IsDue()
    {
        // Over budget, it may be this cursor that keeps the oldest segment. It stands at the snapshot before the newest, so one more
        // may be needed though nothing could be appended since.
        if (journal.State == JournalState.OverBudget)
            return _file.RetainFrom < journal.TailOffset;

        long behind = journal.TailOffset - _snapshotOffset;
        return behind > 0 && time.GetElapsedTime(_snapshotAt) >= Interval && (broker.Version != _snapshotVersion || behind > MostReplayed);
    }

    private async Task SaveAsync(CancellationToken stopping)
    {
        try
        {
            long version = broker.Version;
            var bytes = new ArrayBufferWriter<byte>();
            long offset = broker.TakeSnapshot(bytes);
            if (offset > 0)
                await journal.WaitForDurableAsync(offset - 1, stopping);

            _file.Write(offset, new ReadOnlySequence<byte>(bytes.WrittenMemory));
            journal.SetCursor(Cursor, Math.Max(_file.RetainFrom, journal.FirstOffset));
            (_snapshotOffset, _snapshotVersion, _snapshotAt) = (offset, version, time.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or JournalFailedException or UnauthorizedAccessException)
        {
            // The next start replays more. Tried again with the next change.
            SessionKeeperLog.NotSaved(log, e);
            _snapshotAt = time.GetTimestamp();
        }
    }

    private long Replay(long fromOffset, CancellationToken stopping)
    {
        using JournalReader reader = journal.OpenReader(fromOffset);
        while (!stopping.IsCancellationRequested && reader.TryRead(out JournalRecord record))
        {
            if (record.Kind == RecordKind.Publish)
                broker.ReplayPublish(record.Offset, record.ReceivedAt.ToUnixTimeMilliseconds(), record.Header, record.Payload);
            else if (record.Kind == RecordKind.Session)
                broker.ReplayEvent(record.Offset, record.Header);
        }

        return reader.NextOffset;
    }
}

internal static partial class SessionKeeperLog
{
    [LoggerMessage(9060, LogLevel.Information, "{SessionCount} MQTT sessions and {RetainedCount} retained messages brought back; {ReplayedRecords} journal records read for it")]
    public static partial void Restored(ILogger log, int sessionCount, int retainedCount, long replayedRecords);

    [LoggerMessage(9061, LogLevel.Error, "A session change or retained message may be lost: {Damage}")]
    public static partial void Damaged(ILogger log, string damage);

    [LoggerMessage(9062, LogLevel.Warning, "The snapshot of MQTT sessions could not be written; the next start reads more of the journal instead")]
    public static partial void NotSaved(ILogger log, Exception exception);
}
