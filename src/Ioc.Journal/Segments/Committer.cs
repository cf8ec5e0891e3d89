using System.Diagnostics;
using Ioc.Journal.Recovery;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Ioc.Journal.Segments;

/// <summary>The one thread that writes and flushes: takes all that was appended meanwhile, makes it durable, says so.</summary>
internal sealed class Committer
{
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(30);

    private readonly AppendQueue _queue;
    private readonly SegmentSet _segments;
    private readonly DurableWatermark _watermark;
    private readonly JournalMetrics _metrics;
    private readonly JournalOptions _options;
    private readonly IClock _clock;
    private readonly ILogger _log;
    private readonly Action<SafeFileHandle> _flush;
    private readonly DurableMark _mark;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SafeFileHandle? _file;
    private Segment? _tail;
    private long _writtenEnd;
    private JournalState _reported;

    /// <param name="queue">What to write.</param>
    /// <param name="segments">What is kept.</param>
    /// <param name="watermark">Who waits.</param>
    /// <param name="metrics">Counts groups.</param>
    /// <param name="options">Sizes and paces.</param>
    /// <param name="clock">Ages segments.</param>
    /// <param name="log">For what an operator must know.</param>
    /// <param name="tail">Where writing goes on; its file is owned from here on.</param>
    /// <param name="mark">Told how far the journal is, now and then.</param>
    /// <param name="flush">fsync; tests hold it back or let it fail.</param>
    public Committer(AppendQueue queue, SegmentSet segments, DurableWatermark watermark, JournalMetrics metrics, JournalOptions options, IClock clock, ILogger log, JournalTail tail, DurableMark mark, Action<SafeFileHandle> flush)
    {
        _queue = queue;
        _segments = segments;
        _watermark = watermark;
        _metrics = metrics;
        _options = options;
        _clock = clock;
        _log = log;
        _file = tail.File;
        _tail = tail.Segment;
        _writtenEnd = tail.Position;
        _mark = mark;
        _flush = flush;
    }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "journal committer" }.Start();

    private void Run()
    {
        try
        {
            long lastCommit = 0;
            long lastHousekeeping = Stopwatch.GetTimestamp();
            while (!_queue.IsDrained)
            {
                TimeSpan notBefore = TimeSpan.FromMilliseconds(_options.CommitIntervalMs) - Stopwatch.GetElapsedTime(lastCommit);
                AppendGroup? group = _queue.Take(Housekeeping, notBefore);
                if (group is not null)
                {
                    lastCommit = Stopwatch.GetTimestamp();
                    Commit(group);
                    _queue.Return(group);
                }

                if (_queue.WantsSegment)
                    Prepare();

                if (Stopwatch.GetElapsedTime(lastHousekeeping) > Housekeeping)
                {
                    DropExpired();
                    Mark();
                    _queue.Retry();
                    lastHousekeeping = Stopwatch.GetTimestamp();
                }
            }

            Mark();
            _watermark.End(new JournalFailedException($"The journal in '{_options.Path}' is closed."));
        }
        catch (Exception failure)
        {
            // After a failed flush the kernel may have dropped the pages: a second flush would succeed and lie. So this is final.
            JournalLog.Failed(_log, failure, _options.Path, _watermark.Offset);
            _queue.Fail(failure);
            _watermark.End(new JournalFailedException($"The journal in '{_options.Path}' failed at offset {_watermark.Offset} and takes no more: {failure.Message}", failure));
        }
        finally
        {
            _file?.Dispose();
            _queue.DropNext();
            _ended.SetResult();
        }
    }

    private void Commit(AppendGroup group)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < group.Runs.Length; i++)
        {
            AppendGroup.Run run = group.Runs[i];
            if (run.Begins is not null)
                Begin(run.Segment, run.Begins);

            ReadOnlySpan<byte> bytes = group.BytesOf(i).Span;
            RandomAccess.Write(_file!, bytes, run.Position);
            _writtenEnd = run.Position + bytes.Length;
        }

        _flush(_file!);
        for (int i = 0; i < group.Runs.Length; i++)
            group.Runs[i].Segment.DurableBytes = group.Runs[i].Position + group.BytesOf(i).Length;

        foreach (ref readonly (Segment Segment, SegmentPlace Place) learnt in group.Places)
            learnt.Segment.Index.Learn(learnt.Place);

        _metrics.Committed(group.RecordCount, group.UsedBytes, Stopwatch.GetElapsedTime(started));
        _watermark.Advance(group.NextOffset, group.PublishCount);
    }

    private void Begin(Segment segment, PreparedSegment prepared)
    {
        if (_file is not null)
        {
            CutUnused(_tail!, _file);
            _flush(_file);
            _file.Dispose();
        }

        // Header before name: a file that bears a segment's name has a whole header, whenever the power goes.
        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        segment.Header.Write(header);
        _file = prepared.File;
        RandomAccess.Write(_file, header, 0);
        RandomAccess.Write(_file, header, segment.RecordsEnd);
        _tail = segment;
        _flush(_file);
        File.Move(prepared.Path, segment.Path, overwrite: false);
        DirectorySync.Flush(_options.Path);
        _segments.Add(segment);
    }

    // A segment left for its age may be nearly empty: what it does not use goes back to the disk and to the budget.
    private void CutUnused(Segment segment, SafeFileHandle file)
    {
        long cutAt = _writtenEnd + SegmentHeader.Bytes;
        if (segment.FileBytes - cutAt < segment.FileBytes / 8)
            return;

        Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
        segment.Header.Write(header);
        RandomAccess.Write(file, header, _writtenEnd);
        RandomAccess.SetLength(file, cutAt);
        segment.FileBytes = cutAt;
    }

    private void Mark()
    {
        try
        {
            (long offset, long publishCount) = _watermark.Publishes;
            _mark.Write(offset, publishCount);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            JournalLog.NotMarked(_log, refused, _options.Path);
        }
    }

    private void Prepare()
    {
        try
        {
            DropExpired();
            if (!_segments.TryMakeRoom(_options.SegmentBytes))
            {
                Refuse(JournalState.OverBudget, $"{_segments.Bytes} bytes are kept, the budget is {_options.BudgetBytes}, and not every consumer has passed the oldest segment");
                return;
            }

            long free = new DriveInfo(Path.GetFullPath(_options.Path)).AvailableFreeSpace;
            if (free - _options.SegmentBytes < _options.ReservedFreeBytes)
            {
                Refuse(JournalState.DiskFull, $"{free} bytes are free, a segment takes {_options.SegmentBytes}, and {_options.ReservedFreeBytes} are reserved");
                return;
            }

            _queue.Offer(PreparedSegment.Create(_options.Path, _options.SegmentBytes));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Nothing accepted is touched: the records so far have their place.
            Refuse(JournalState.DiskFull, refused.Message);
            return;
        }

        if (_reported != JournalState.Accepting)
            JournalLog.Accepting(_log, _options.Path);

        _reported = JournalState.Accepting;
    }

    private void Refuse(JournalState reason, string why)
    {
        _queue.Refuse(reason);
        if (_reported != reason)
            JournalLog.Refusing(_log, _options.Path, reason, why);

        _reported = reason;
    }

    private void DropExpired()
    {
        try
        {
            int dropped = _segments.DropExpired(_clock.GetCurrentInstant());
            if (dropped > 0)
                JournalLog.Expired(_log, dropped, _options.RetentionDays);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            JournalLog.NotDeleted(_log, refused, _options.Path);
        }
    }
}
