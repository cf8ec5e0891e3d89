namespace Ioc.Simulators.Load;

/// <summary>How many messages may have been sent after a while.</summary>
/// <param name="perSecond">0 is as fast as possible.</param>
internal readonly record struct Pace(double perSecond)
{
    public long AllowedAfter(TimeSpan elapsed) =>
        perSecond <= 0 ? long.MaxValue : (long)Math.Floor(elapsed.TotalSeconds * perSecond) + 1;
}
