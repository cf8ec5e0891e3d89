namespace Ioc.Broker.Access;

/// <summary>A token bucket as one number: the time at which all that was taken will have been earned. Whole numbers only.</summary>
/// <remarks>Ticks are those of <see cref="TimeProvider.GetTimestamp"/>. What is taken is always taken; the answer says how long to wait after it.</remarks>
/// <param name="perSecond">Tokens earned per second; 0 is no limit.</param>
/// <param name="burst">Tokens that may be taken at once after a rest.</param>
/// <param name="ticksPerSecond">Of the time stamps.</param>
internal readonly struct RateMeter(long perSecond, long burst, long ticksPerSecond)
{
    private readonly long _slack = perSecond == 0 ? 0 : Ticks(burst, perSecond, ticksPerSecond);

    /// <summary>Whether nothing is limited.</summary>
    public bool IsOpen => perSecond == 0;

    /// <summary>Takes tokens and returns the ticks to wait until as many have been earned; zero while the burst lasts.</summary>
    /// <param name="earnedAt">The bucket; 0 is a full one. Touched by one thread.</param>
    /// <param name="count">Tokens, not negative.</param>
    /// <param name="now">The present time stamp.</param>
    public long Take(ref long earnedAt, long count, long now)
    {
        if (IsOpen)
            return 0;

        earnedAt = Math.Max(earnedAt, now) + Ticks(count, perSecond, ticksPerSecond);
        return Math.Max(0, earnedAt - now - _slack);
    }

    /// <summary>The same for a bucket that several threads take from.</summary>
    public long TakeShared(ref long earnedAt, long count, long now)
    {
        if (IsOpen)
            return 0;

        long seen = Volatile.Read(ref earnedAt);
        while (true)
        {
            long taken = seen;
            long wait = Take(ref taken, count, now);
            long found = Interlocked.CompareExchange(ref earnedAt, taken, seen);
            if (found == seen)
                return wait;
            seen = found;
        }
    }

    // In 128 bits: bytes by nanoseconds leave 64 of them after nine gigabytes.
    private static long Ticks(long count, long perSecond, long ticksPerSecond) => (long)((Int128)count * ticksPerSecond / perSecond);
}
