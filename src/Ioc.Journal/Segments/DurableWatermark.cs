namespace Ioc.Journal.Segments;

/// <summary>How far the journal is on the disk, and who waits for more. Thread-safe; moved by the committer only.</summary>
internal sealed class DurableWatermark(long offset, long publishCount)
{
    // Enough for every connection that waits at one time on a busy machine; more are left to the collector.
    private const int MostPooled = 1024;

    private readonly Lock _gate = new();
    private readonly List<DurableWaiter> _waiting = [];
    private readonly List<DurableWaiter> _due = [];
    private readonly Stack<DurableWaiter> _pool = [];
    private long _offset = offset;
    private long _publishCount = publishCount;
    private JournalFailedException? _end;

    public long Offset => Volatile.Read(ref _offset);

    /// <summary>The offset and the publishes below it, of one moment.</summary>
    public (long Offset, long Count) Publishes
    {
        get
        {
            lock (_gate)
                return (_offset, _publishCount);
        }
    }

    /// <summary>Completes when <see cref="Offset"/> is at least <paramref name="target"/>.</summary>
    public ValueTask WaitAsync(long target, CancellationToken cancellationToken)
    {
        if (Offset >= target)
            return ValueTask.CompletedTask;

        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);

        DurableWaiter waiter;
        lock (_gate)
        {
            if (_offset >= target)
                return ValueTask.CompletedTask;

            if (_end is not null)
                return ValueTask.FromException(_end);

            if (!_pool.TryPop(out waiter!))
                waiter = new DurableWaiter(this);
        }

        ValueTask wait = waiter.Start(target, cancellationToken);
        Enter(waiter, cancellationToken);
        return wait;
    }

    /// <summary>Moves the watermark and wakes whom it has passed.</summary>
    public void Advance(long offset, long publishCount)
    {
        lock (_gate)
        {
            _publishCount = publishCount;
            Volatile.Write(ref _offset, offset);
            int kept = 0;
            for (int i = 0; i < _waiting.Count; i++)
            {
                DurableWaiter waiter = _waiting[i];
                if (waiter.Target <= offset)
                    _due.Add(waiter);
                else
                    _waiting[kept++] = waiter;
            }

            _waiting.RemoveRange(kept, _waiting.Count - kept);
        }

        foreach (DurableWaiter waiter in _due)
            waiter.Complete();

        _due.Clear();
    }

    /// <summary>Says that the watermark will not move again; everybody who waits gets the exception.</summary>
    public void End(JournalFailedException reason)
    {
        DurableWaiter[] waiting;
        lock (_gate)
        {
            _end ??= reason;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (DurableWaiter waiter in waiting)
            waiter.Fail(reason);
    }

    /// <summary>True when the waiter was waiting and is not any more: the caller completes it.</summary>
    public bool TryForget(DurableWaiter waiter)
    {
        lock (_gate)
            return _waiting.Remove(waiter);
    }

    public void Return(DurableWaiter waiter)
    {
        lock (_gate)
        {
            if (_pool.Count < MostPooled)
                _pool.Push(waiter);
        }
    }

    private void Enter(DurableWaiter waiter, CancellationToken cancellationToken)
    {
        JournalFailedException? end;
        lock (_gate)
        {
            end = _end;
            if (_offset < waiter.Target && end is null && !cancellationToken.IsCancellationRequested)
            {
                _waiting.Add(waiter);
                return;
            }
        }

        // The world moved between asking and registering.
        if (Offset >= waiter.Target)
            waiter.Complete();
        else if (end is not null)
            waiter.Fail(end);
        else
            waiter.Fail(new OperationCanceledException(cancellationToken));
    }
}
