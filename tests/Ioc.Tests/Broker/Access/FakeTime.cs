namespace Ioc.Tests.Broker.Access;

/// <summary>Time that passes when told to, timers included. Thread-safe; timers fire on the thread that advances.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);

    /// <summary>Timers do not fire, whatever the time.</summary>
    public bool TimersRest { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(double seconds)
    {
        Timer[] due;
        lock (_gate)
        {
            _now += TimeSpan.FromSeconds(seconds);
            due = TimersRest ? [] : [.. _timers.Where(timer => timer.TryTakeDue())];
        }

        foreach (Timer timer in due)
            timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(FakeTime owner, TimerCallback callback, object? state) : ITimer
    {
        private DateTimeOffset? _due;
        private TimeSpan _period;

        /// <summary>Under the gate: whether to fire now; then the next time is set.</summary>
        public bool TryTakeDue()
        {
            if (_due is not { } due || due > owner._now)
                return false;

            _due = _period == Timeout.InfiniteTimeSpan ? null : owner._now + _period;
            return true;
        }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : owner._now + dueTime;
                _period = period;
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
