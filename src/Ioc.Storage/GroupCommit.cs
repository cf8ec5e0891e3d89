using Ioc.Devices.Readings;
using Microsoft.Extensions.Logging;

namespace Ioc.Storage;

/// <summary>Gathers batches into groups and commits one group at a time: when it has enough rows, or its oldest has waited long enough.</summary>
/// <remarks>
/// Two groups exist: one fills while the other commits. When both are taken, adding waits; that is the whole queue.
/// A commit that fails is tried again with the same group until it succeeds, so the commit must come out the same when repeated.
/// </remarks>
internal sealed class GroupCommit(StorageOptions options, string store, Func<PendingGroup, CancellationToken, Task> commit, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingGroup _filling = new();
    private PendingGroup _committing = new();
    private TaskCompletionSource _arrived = NewSignal();
    private TaskCompletionSource _due = NewSignal();
    private TaskCompletionSource _progress = NewSignal();
    private Task _loop = Task.CompletedTask;
    private long _nextOffset;
    private long _durableOffset;
    private volatile string? _fault;

    /// <summary>First offset not taken yet.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Why commits fail at present; null when they do not.</summary>
    public string? Fault => _fault;

    private bool IsFull => _filling.ReadingCount >= options.CommitRows || _filling.MessageCount >= options.CommitRows;

    public void Start(long nextOffset)
    {
        _nextOffset = _durableOffset = nextOffset;
        _filling.Clear(nextOffset);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Copies a batch into the filling group; waits for room when there is none.</summary>
    public ValueTask AddAsync(ReadingBatch batch, CancellationToken stopping) => TryAdd(batch, out Task room) ? ValueTask.CompletedTask : AddLaterAsync(batch, room, stopping);

    /// <summary>Completes when all that was taken before the call is committed.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        long target = NextOffset;
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (_durableOffset >= target)
                    return;

                _due.TrySetResult();
                progress = _progress.Task;
            }

            await progress.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Commits what was taken, trying once if commits fail, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing.TrySetResult();
            _arrived.TrySetResult();
            _due.TrySetResult();
        }

        await _loop;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool TryAdd(ReadingBatch batch, out Task room)
    {
        lock (_gate)
        {
            room = _progress.Task;
            if (IsFull)
                return false;

            _filling.Add(batch, _nextOffset);
            if (_filling.NextOffset <= _nextOffset)
                return true;

            Volatile.Write(ref _nextOffset, _filling.NextOffset);
            _arrived.TrySetResult();
            if (IsFull)
                _due.TrySetResult();

            return true;
        }
    }

    private async ValueTask AddLaterAsync(ReadingBatch batch, Task room, CancellationToken stopping)
    {
        do
            await room.WaitAsync(stopping);
        while (!TryAdd(batch, out room));
    }

    private async Task RunAsync()
    {
        var interval = TimeSpan.FromMilliseconds(options.CommitIntervalMs);
        while (true)
        {
            await _arrived.Task;
            await Task.WhenAny(_due.Task, Task.Delay(interval, time));
            if (!TakeGroup() || !await CommitAsync())
                break;
        }

        lock (_gate)
            _progress.TrySetException(new StorageException($"{store} is closed."));
    }

    // False when there is nothing left to do, ever.
    private bool TakeGroup()
    {
        lock (_gate)
        {
            if (_filling.NextOffset == _durableOffset)
                return false;

            (_filling, _committing) = (_committing, _filling);
            _filling.Clear(_nextOffset);
            if (!_closing.Task.IsCompleted)
            {
                _arrived = NewSignal();
                _due = NewSignal();
            }

            Advance();
            return true;
        }
    }

    private async Task<bool> CommitAsync()
    {
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            bool last = _closing.Task.IsCompleted;
            try
            {
                await commit(_committing, CancellationToken.None);
                break;
            }
            catch (Exception e)
            {
                // The edge of a background service: whatever went wrong, the group is kept and the cursor has not moved.
                if (_fault != e.Message)
                    GroupCommitLog.CommitFailed(log, store, _committing.MessageCount, _committing.NextOffset, e.Message);
                _fault = e.Message;
            }

            if (last)
            {
                GroupCommitLog.GaveUp(log, store, _durableOffset);
                return false;
            }

            await Task.WhenAny(_closing.Task, Task.Delay(delay, time));
        }

        if (_fault is not null)
            GroupCommitLog.Recovered(log, store, _committing.NextOffset);
        _fault = null;
        lock (_gate)
        {
            _durableOffset = _committing.NextOffset;
            Advance();
        }

        return true;
    }

    // Wakes whoever waits for room or for durability. Under the lock.
    private void Advance()
    {
        _progress.TrySetResult();
        _progress = NewSignal();
    }
}
