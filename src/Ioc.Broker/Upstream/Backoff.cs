namespace Ioc.Broker.Upstream;

/// <summary>How long to wait before the next attempt: doubling, bounded, spread, so that many clients do not return as one.</summary>
internal sealed class Backoff(Random random)
{
    /// <summary>Bound on every pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    // A shorter connection was no success: two clients of one id throw each other out as fast as they connect.
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;

    /// <summary>The pause after a connection that lasted so long, or zero after one that did not come about.</summary>
    public TimeSpan After(TimeSpan connected)
    {
        if (connected >= Proven)
            _next = First;

        TimeSpan pause = _next * (0.5 + (random.NextDouble() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return pause;
    }
}
