using NodaTime;

namespace Ioc.Testing;

/// <summary>A clock that stands still until it is told otherwise. Thread-safe.</summary>
public sealed class FakeClock(Instant now) : IClock
{
    private readonly Lock _gate = new();
    private Instant _now = now;

    /// <summary>Starts on an ordinary Monday morning in Việt Nam.</summary>
    public FakeClock()
        : this(Instant.FromUtc(2026, 11, 23, 1, 0))
    {
    }

    public Instant GetCurrentInstant()
    {
        lock (_gate)
            return _now;
    }

    public void Advance(Duration by)
    {
        lock (_gate)
            _now += by;
    }

    public void Set(Instant to)
    {
        lock (_gate)
            _now = to;
    }
}
