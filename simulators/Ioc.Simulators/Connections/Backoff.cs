namespace Ioc.Simulators.Connections;

/// <summary>How long to wait before the next attempt: doubling, bounded, spread, so that a fleet does not return as one.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        TimeSpan wait = _next * (0.5 + random.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    public void Reset() => _next = First;
}
