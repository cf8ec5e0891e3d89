using System.Buffers;
using Ioc.Broker;

namespace Ioc.Tests.Broker;

/// <summary>Keeps publishes in memory and says they are durable when the test says so. Thread-safe.</summary>
internal sealed class HeldJournal(TimeProvider? time = null) : IPublishHandler
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly List<(byte[] Header, byte[]? Payload, long ReceivedAtMs)> _records = [];
    private readonly List<(long Position, TaskCompletionSource Done)> _waiters = [];
    private Thread? _batch;
    private bool _held;
    private volatile bool _unreadable;
    private long _durable;
    private AcceptOutcome _outcome = AcceptOutcome.Accepted;

    public long DurablePosition
    {
        get
        {
            lock (_gate)
                return _durable;
        }
    }

    public int BatchCount { get; private set; }

    /// <summary>The publishes among what was accepted.</summary>
    public IReadOnlyList<(byte[] Header, byte[] Payload)> Records
    {
        get
        {
            lock (_gate)
                return [.. _records.Where(r => r.Payload is not null).Select(r => (r.Header, r.Payload!))];
        }
    }

    /// <summary>Everything accepted, in order; session events have no payload.</summary>
    public IReadOnlyList<(byte[] Header, byte[]? Payload)> All
    {
        get
        {
            lock (_gate)
                return [.. _records.Select(r => (r.Header, r.Payload))];
        }
    }

    public long NextPosition
    {
        get
        {
            lock (_gate)
                return _records.Count;
        }
    }

    /// <summary>What a crash leaves: everything durable, and nothing else.</summary>
    public HeldJournal AfterCrash()
    {
        var left = new HeldJournal(_time);
        lock (_gate)
            left._records.AddRange(_records.Take((int)_durable));
        left._durable = left._records.Count;
        return left;
    }

    /// <summary>Plays everything from a position on into a broker that starts.</summary>
    public void ReplayInto(BrokerRecovery recovery, long from)
    {
        for (int i = (int)from; i < _records.Count; i++)
        {
            (byte[] header, byte[]? payload, long receivedAtMs) = _records[i];
            if (payload is null)
                recovery.ReplayEvent(i, header);
            else
                recovery.ReplayPublish(i, receivedAtMs, header, payload);
        }

        recovery.Complete();
    }

    /// <summary>From now on nothing becomes durable.</summary>
    public void Hold()
    {
        lock (_gate)
            _held = true;
    }

    /// <summary>The first <paramref name="count"/> records become durable.</summary>
    public void FlushUpTo(long count) => Complete(count, stillHeld: true);

    /// <summary>All records become durable, and the next ones at once.</summary>
    public void Release() => Complete(long.MaxValue, stillHeld: false);

    /// <summary>Nothing that waits will ever be durable: the disk is gone.</summary>
    public void Break()
    {
        lock (_gate)
        {
            foreach ((_, TaskCompletionSource done) in _waiters)
                done.TrySetException(new IOException("The disk is gone."));
            _waiters.Clear();
        }
    }

    /// <summary>From now on nothing can be read again.</summary>
    public void BreakReads() => _unreadable = true;

    /// <summary>What the next publishes are answered with.</summary>
    public void Answer(AcceptOutcome outcome)
    {
        lock (_gate)
            _outcome = outcome;
    }

    public void BeginBatch()
    {
        Monitor.Enter(_records);
        Assert(_batch is null, "One batch inside another: the journal's lock would be left held.");
        _batch = Thread.CurrentThread;
        BatchCount++;
    }

    public void EndBatch()
    {
        Assert(_batch == Thread.CurrentThread, "A batch ends on the thread that began it.");
        _batch = null;
        Monitor.Exit(_records);
        if (!_held)
            Complete(long.MaxValue, stillHeld: false);
    }

    public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position) =>
        Take(header.ToArray(), payload.ToArray(), out position);

    public AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position) =>
        Take(sessionEvent.ToArray(), null, out position);

    public void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor)
    {
        if (_unreadable)
            throw new IOException("The disk is gone.");

        for (int i = 0; i < positions.Length; i++)
        {
            (byte[] Header, byte[]? Payload, long ReceivedAtMs) record;
            lock (_gate)
                record = _records[(int)positions[i]];
            if (record.Payload is not null)
                visitor.Visit(i, record.ReceivedAtMs, record.Header, record.Payload);
        }
    }

    public async ValueTask WaitForDurableAsync(long position, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_durable > position)
                return;
            _waiters.Add((position, done));
        }

        await done.Task.WaitAsync(cancellation);
    }

    private AcceptOutcome Take(byte[] header, byte[]? payload, out long position)
    {
        Assert(_batch == Thread.CurrentThread, "Accepted outside a batch.");
        lock (_gate)
        {
            position = _records.Count;
            if (_outcome == AcceptOutcome.Accepted)
                _records.Add((header, payload, _time.GetUtcNow().ToUnixTimeMilliseconds()));
            return _outcome;
        }
    }

    private void Complete(long count, bool stillHeld)
    {
        lock (_gate)
        {
            _held = stillHeld;
            _durable = Math.Min(count, _records.Count);
            foreach ((_, TaskCompletionSource done) in _waiters.Where(w => w.Position < _durable).ToArray())
                done.TrySetResult();
            _waiters.RemoveAll(w => w.Position < _durable);
        }
    }

    private static void Assert(bool holds, string rule)
    {
        if (!holds)
            throw new InvalidOperationException(rule);
    }
}
