using System.Threading.Tasks.Sources;

namespace Ioc.Journal.Segments;

/// <summary>One wait for the watermark, reused after its result was taken: waiting allocates nothing in the long run.</summary>
internal sealed class DurableWaiter(DurableWatermark owner) : IValueTaskSource
{
    // Continuations are connections' ack writers; they must not run on the committer's thread.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    /// <summary>The durable offset that ends the wait.</summary>
    public long Target { get; private set; }

    public ValueTask Start(long target, CancellationToken cancellationToken)
    {
        Target = target;
        // Registering may call back at once; the owner does not know this waiter as waiting yet and ignores that, then checks itself.
        _cancellation = cancellationToken.UnsafeRegister(
            static (waiter, token) => ((DurableWaiter)waiter!).Cancel(token), this);
        return new ValueTask(this, _core.Version);
    }

    public void Complete() => _core.SetResult(true);

    public void Fail(Exception exception) => _core.SetException(exception);

    public void GetResult(short token)
    {
        // Waits for a cancellation callback that is running: none may meet this waiter in its next life.
        _cancellation.Dispose();
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken)
    {
        if (owner.TryForget(this))
            _core.SetException(new OperationCanceledException(cancellationToken));
    }
}
