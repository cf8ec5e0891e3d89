using System.Threading.Tasks.Sources;

namespace Ioc.Broker.Connections;

/// <summary>An auto-reset signal that one task waits for and any thread sets, without allocation. Setting before waiting is not lost.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Clear = 0;
    private const int Waiting = 1;
    private const int Signalled = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Completes at the next <see cref="Set"/>, or at once after one that nobody waited for. May complete for no reason: look again.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Clear) == Clear)
            return new ValueTask(this, _core.Version);

        // A full fence: what the waiter looks at next must not be read before this is seen, or a signal between the two is lost.
        Interlocked.Exchange(ref _state, Clear);
        return ValueTask.CompletedTask;
    }

    public void Set()
    {
        if (Interlocked.CompareExchange(ref _state, Signalled, Clear) == Waiting
            && Interlocked.CompareExchange(ref _state, Clear, Waiting) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
