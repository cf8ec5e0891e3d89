namespace Ioc.Load.Publishing;

/// <summary>How many messages may have been sent after a while, by all connections and by each.</summary>
/// <param name="PerSecond">Of all connections together; 0 is as fast as possible.</param>
/// <param name="Connections">They take turns.</param>
internal readonly record struct Pace(double PerSecond, int Connections)
{
    public bool IsUnbounded => PerSecond <= 0;

    public long AllowedAfter(TimeSpan elapsed) => IsUnbounded ? long.MaxValue : (long)(elapsed.TotalSeconds * PerSecond) + 1;

    /// <summary>A connection's share of <paramref name="allowed"/>: message n of all belongs to connection n mod connections.</summary>
    public long ShareOf(int connection, long allowed) => IsUnbounded ? long.MaxValue : (allowed - connection + Connections - 1) / Connections;

    /// <summary>How long after the start message <paramref name="message"/> of all is due.</summary>
    public TimeSpan DueOf(long message) => IsUnbounded ? TimeSpan.Zero : TimeSpan.FromSeconds(message / PerSecond);
}
