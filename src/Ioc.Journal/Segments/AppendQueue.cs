using System.Buffers;
using System.Security.Cryptography;
using NodaTime;

namespace Ioc.Journal.Segments;

/// <summary>Where appends meet the committer: gives out offsets and places, and fills one group while the other is written.</summary>
/// <remarks>
/// Everything is guarded by one monitor, which a batch holds from its beginning to its end. Full group: the appender lets go of it and
/// waits for the committer, at most the stall limit, then is refused, and so is everybody after it until the committer moves again.
/// So memory is two groups, and what was accepted is always in one of them. Lock order: appenders, then monitor.
/// Below, first what appenders call, then what the committer calls.
/// </remarks>
internal sealed class AppendQueue
{
    private static readonly Duration RetryAfter = Duration.FromSeconds(1);

    // Held by a batch also while it waits, so that batches never mix.
    private readonly Lock _appenders = new();
    private readonly object _gate = new();
    private readonly JournalOptions _options;
    private readonly IClock _clock;
    private AppendGroup _filling;
    private AppendGroup? _idle;

    private Segment? _tail;
    private RecordFormat _format;
    private long _tailPosition;
    private long _tailEnd;
    private long _nextPlaceAt;
    private long _tailOldAt;
    private bool _tailIsOld;
    private long _tailOffset;
    private long _publishCount;
    private long _lastReceivedAt;

    private PreparedSegment? _next;
    private JournalState _refusal = JournalState.Accepting;
    private Instant _refusedAt;
    private Exception? _failure;
    private bool _closed;
    private bool _stalled;

    private long _progress;
    private bool _appenderWaits;
    private bool _committerWaits;

    public AppendQueue(JournalOptions options, IClock clock, JournalTail tail)
    {
        _options = options;
        _clock = clock;
        _tail = tail.Segment;
        _format = tail.Segment?.Header.Records ?? default;
        _tailEnd = tail.Segment?.RecordsEnd ?? 0;
        _tailOldAt = OldAt(tail.Segment);
        _tailPosition = tail.Position;
        _tailOffset = tail.NextOffset;
        _publishCount = tail.PublishCount;
        _lastReceivedAt = tail.LastReceivedAt;
        _filling = new AppendGroup(options.BufferBytes);
        _idle = new AppendGroup(options.BufferBytes);
    }

    public long TailOffset => Volatile.Read(ref _tailOffset);

    public Exception? Failure => Volatile.Read(ref _failure);

    public JournalState State
    {
        get
        {
            lock (_gate)
            {
                return _failure is not null ? JournalState.Failed
                    : _closed ? JournalState.Closed
                    : _stalled ? JournalState.Stalled
                    : _refusal;
            }
        }
    }

    /// <summary>True while the next segment should be prepared: half of the present one is full, and nothing stands against it.</summary>
    public bool WantsSegment
    {
        get
        {
            lock (_gate)
                return WantsSegmentLocked;
        }
    }

    private bool WantsSegmentLocked =>
        _next is null && !_filling.BeginsSegment && _refusal == JournalState.Accepting && !_closed && (_tail is null || _tailIsOld || _tailPosition > _tailEnd / 2);

    /// <summary>Begins a batch; <see cref="Exit"/> ends it on the same thread.</summary>
    public void Enter()
    {
        _appenders.Enter();
        Monitor.Enter(_gate);
        // One look at the clock per batch: its records follow a microsecond apart, also when the clock stands still or goes back.
        _lastReceivedAt = Math.Max(_lastReceivedAt, Microseconds(_clock.GetCurrentInstant()) - 1);
        if (_lastReceivedAt >= _tailOldAt)
            LeaveOldTail();
    }

    public void Exit()
    {
        if (_committerWaits && !_filling.IsEmpty)
            Monitor.PulseAll(_gate);

        Monitor.Exit(_gate);
        _appenders.Exit();
    }

    /// <summary>Appends within <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public AppendOutcome TryAppend(RecordKind kind, ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long offset)
    {
        offset = -1;
        long length = RecordFormat.PrefixBytes + header.Length + payload.Length;
        if (length > _options.MaxRecordBytes || header.Length > RecordFormat.MaxHeaderBytes)
            return AppendOutcome.TooLarge;

        if (!HasRoom((int)length))
        {
            AppendOutcome refused = MakeRoom((int)length);
            if (refused != AppendOutcome.Appended)
                return refused;
        }

        if (_filling.Runs.IsEmpty)
            _filling.StartRun(_tail!, _tailPosition, begins: null);

        if (_tailPosition >= _nextPlaceAt)
            LearnPlace();

        offset = _tailOffset;
        _format.Write(_filling.Take((int)length), offset, kind, ++_lastReceivedAt, _publishCount, header, payload);
        if (kind == RecordKind.Publish)
            _publishCount++;

        _tailPosition += length;
        Volatile.Write(ref _tailOffset, offset + 1);
        _filling.Count(_tailOffset, _publishCount);
        return AppendOutcome.Appended;
    }

    private bool HasRoom(int length) =>
        _tail is not null && length <= _filling.FreeBytes && length <= _tailEnd - _tailPosition && !_closed && _failure is null;

    private AppendOutcome MakeRoom(int length)
    {
        long deadline = Environment.TickCount64 + _options.StallLimitMs;
        while (!HasRoom(length))
        {
            if (_closed || _failure is not null)
                return AppendOutcome.Unavailable;

            if (length <= _filling.FreeBytes)
            {
                if (_next is not null)
                {
                    BeginNextSegment();
                    continue;
                }

                if (IsRefused(out AppendOutcome refused))
                    return refused;
            }

            if (!WaitForCommitter(deadline))
                return AppendOutcome.Unavailable;
        }

        return AppendOutcome.Appended;
    }

    private void BeginNextSegment()
    {
        if (_tail is not null)
        {
            _tail.EndPublishCount = _publishCount;
            _tail.EndOffset = _tailOffset;
        }

        int bytes = _next!.Bytes;
        ulong salt = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var header = new SegmentHeader(_tailOffset, _publishCount, Microseconds(_clock.GetCurrentInstant()), _lastReceivedAt, salt, bytes);
        _tail = new Segment(_options.Path, header) { FileBytes = bytes, RecordsEnd = bytes - SegmentHeader.Bytes };
        _format = header.Records;
        _tailPosition = SegmentHeader.Bytes;
        _tailEnd = _tail.RecordsEnd;
        _nextPlaceAt = 0;
        _tailOldAt = OldAt(_tail);
        _tailIsOld = false;
        _filling.StartRun(_tail, _tailPosition, _next);
        _next = null;
    }

    // Without a next segment the old one goes on: a full disk must not refuse what still has a place.
    private void LeaveOldTail()
    {
        _tailIsOld = true;
        if (_next is not null)
            _tailEnd = 0;
    }

    private long OldAt(Segment? tail) =>
        tail is null ? long.MaxValue : tail.Header.CreatedAt + ((long)_options.SegmentHours * NodaConstants.TicksPerHour / 10);

    private void LearnPlace()
    {
        _filling.Learn(_tail!, new SegmentPlace(_tailOffset, _tailPosition, _publishCount));
        _nextPlaceAt = _tailPosition + SegmentIndex.StrideBytes;
    }

    private bool IsRefused(out AppendOutcome outcome)
    {
        outcome = _refusal == JournalState.OverBudget ? AppendOutcome.OverBudget : AppendOutcome.Unavailable;
        if (_refusal == JournalState.Accepting)
            return false;

        // An appender in a while waits for another try; a clock that went back must not put it off.
        Duration since = _clock.GetCurrentInstant() - _refusedAt;
        if (since >= Duration.Zero && since < RetryAfter)
            return true;

        _refusal = JournalState.Accepting;
        return false;
    }

    private bool WaitForCommitter(long deadline)
    {
        if (_stalled)
            return false;

        long seen = _progress;
        _appenderWaits = true;
        Monitor.PulseAll(_gate);
        while (_progress == seen)
        {
            int left = (int)Math.Max(0, deadline - Environment.TickCount64);
            if (left == 0 || (!Monitor.Wait(_gate, left) && _progress == seen))
            {
                _stalled = true;
                break;
            }
        }

        _appenderWaits = false;
        return _progress != seen;
    }

    /// <summary>Waits for something to do.</summary>
    /// <param name="atMost">Longest wait.</param>
    /// <param name="notBefore">Least wait for a group, unless somebody waits for room in it.</param>
    /// <returns>The group to write, or null: a segment is wanted, the time is over, or the queue is closed and empty.</returns>
    public AppendGroup? Take(TimeSpan atMost, TimeSpan notBefore)
    {
        lock (_gate)
        {
            _committerWaits = true;
            if (_filling.IsEmpty && !WantsSegmentLocked && !_closed)
                Monitor.Wait(_gate, atMost);

            _committerWaits = false;
            if (_filling.IsEmpty || (WantsSegmentLocked && _appenderWaits))
                return null;

            long until = Environment.TickCount64 + (long)notBefore.TotalMilliseconds;
            while (!_appenderWaits && !_closed && until - Environment.TickCount64 is > 0 and long left)
                Monitor.Wait(_gate, (int)left);

            AppendGroup taken = _filling;
            _filling = _idle!;
            _idle = null;
            Progress();
            return taken;
        }
    }

    /// <summary>Gives a written group back for filling.</summary>
    public void Return(AppendGroup group)
    {
        group.Clear();
        lock (_gate)
        {
            _idle = group;
            Progress();
        }
    }

    /// <summary>Hands over the next segment's file.</summary>
    public void Offer(PreparedSegment next)
    {
        lock (_gate)
        {
            _next = next;
            Progress();
        }
    }

    /// <summary>Says that there can be no next segment at present.</summary>
    public void Refuse(JournalState reason)
    {
        lock (_gate)
        {
            _refusal = reason;
            _refusedAt = _clock.GetCurrentInstant();
            Progress();
        }
    }

    /// <summary>Lets the next segment be tried again, after something was trimmed or some time went by.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            _refusal = JournalState.Accepting;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes no more, for good: what is on the disk is unknown.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            Volatile.Write(ref _failure, failure);
            Progress();
        }
    }

    /// <summary>Takes no more; what was taken is still to be written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Progress();
        }
    }

    /// <summary>True when closed and written.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
                return _closed && _filling.IsEmpty;
        }
    }

    /// <summary>Deletes the file prepared for a next segment that never came.</summary>
    public void DropNext()
    {
        lock (_gate)
        {
            _next?.Dispose();
            _next = null;
        }
    }

    private void Progress()
    {
        _progress++;
        _stalled = false;
        Monitor.PulseAll(_gate);
    }

    private static long Microseconds(Instant instant) => instant.ToUnixTimeTicks() / 10;
}
