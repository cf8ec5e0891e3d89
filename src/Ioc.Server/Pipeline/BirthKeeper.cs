using System.Buffers;
using Ioc.Broker;
using Ioc.Journal;
using Ioc.Journal.Recovery;
using Ioc.Profiles.Sparkplug;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>Brings the Sparkplug births back at start, and writes the snapshots that keep that short.</summary>
/// <remarks>
/// The births are a function of the journal alone. The journal keeps everything from the older of two snapshots on, so either of them
/// with what follows it is the whole book, up to where the pipeline's head then begins.
/// </remarks>
internal sealed class BirthKeeper(
    RecordJournal journal,
    BirthBook births,
    IOptions<JournalOptions> options,
    TimeProvider time,
    ILogger<BirthKeeper> log) : BackgroundService
{
    private const string Cursor = "births";

    // A replay of so many records takes some tens of milliseconds.
    private const long MostReplayed = 500_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly SnapshotFile _file = new(Path.Combine(options.Value.Path, "births.snapshot"), log);
    private long _nextOffset;
    private long _snapshotOffset;
    private long _snapshotVersion;
    private long _snapshotAt;

    /// <summary>The first offset whose births the book may lack. Set by the pipeline's head as it goes on.</summary>
    public long NextOffset
    {
        get => Volatile.Read(ref _nextOffset);
        set => Volatile.Write(ref _nextOffset, value);
    }

    /// <summary>Before the doors open.</summary>
    public void Restore(CancellationToken stopping)
    {
        Snapshot? snapshot = _file.Read();
        bool known = snapshot is not null && snapshot.Offset <= journal.TailOffset && births.TryRestoreSnapshot(snapshot.Bytes.Span);
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
                next = damage.ResumeOffset;
            }
        }

        NextOffset = next;
        BirthKeeperLog.Restored(log, births.NodeCount, births.DeviceCount, next - from);
        (_snapshotOffset, _snapshotVersion, _snapshotAt) = (known ? snapshot!.Offset : -1, births.Version, time.GetTimestamp());
    }

    /// <summary>The pipeline has ended before: what it has read goes into the last snapshot.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Save();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (IsDue())
                    Save();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private bool IsDue()
    {
        // Over budget, it may be this cursor that keeps the oldest segment, and it stands at the snapshot before the newest.
        if (journal.State == JournalState.OverBudget)
            return _file.RetainFrom < NextOffset;

        long behind = NextOffset - _snapshotOffset;
        return behind > 0 && time.GetElapsedTime(_snapshotAt) >= Interval && (births.Version != _snapshotVersion || behind > MostReplayed);
    }

    private void Save()
    {
        try
        {
            // The head goes on meanwhile: what it notes after this offset may be in the snapshot too, and is replayed without effect.
            long version = births.Version;
            long offset = NextOffset;
            var bytes = new ArrayBufferWriter<byte>();
            births.WriteSnapshot(bytes);
            _file.Write(offset, new ReadOnlySequence<byte>(bytes.WrittenMemory));
            journal.SetCursor(Cursor, Math.Max(_file.RetainFrom, journal.FirstOffset));
            (_snapshotOffset, _snapshotVersion, _snapshotAt) = (offset, version, time.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start replays more. Tried again after the interval.
            BirthKeeperLog.NotSaved(log, e);
            _snapshotAt = time.GetTimestamp();
        }
    }

    private long Replay(long fromOffset, CancellationToken stopping)
    {
        using JournalReader reader = journal.OpenReader(fromOffset);
        while (!stopping.IsCancellationRequested && reader.TryRead(out JournalRecord record))
        {
            if (record.Kind == RecordKind.Publish && PublishHeader.TryRead(record.Header, out PublishHeader header))
                births.Replay(JournalDecoder.MessageOf(record, header), followsSequence: !header.Upstream);
        }

        return reader.NextOffset;
    }
}

internal static partial class BirthKeeperLog
{
    [LoggerMessage(9085, LogLevel.Information, "Births of {NodeCount} Sparkplug nodes and {DeviceCount} devices brought back; {ReplayedRecords} journal records read for it")]
    public static partial void Restored(ILogger log, int nodeCount, int deviceCount, long replayedRecords);

    [LoggerMessage(9086, LogLevel.Warning, "The snapshot of Sparkplug births could not be written; the next start reads more of the journal instead")]
    public static partial void NotSaved(ILogger log, Exception exception);
}
