using NodaTime;

namespace Ioc.Profiles.Fields;

/// <summary>What the text of a time says about the clock that showed it.</summary>
internal enum WallClock
{
    /// <summary>Nothing: it is the clock of the device's site.</summary>
    Device,

    /// <summary>The site's clock, on summer time.</summary>
    Summer,

    /// <summary>The site's clock, on winter time.</summary>
    Winter,

    /// <summary>Universal time, or an offset from it that is already taken off.</summary>
    Utc,
}

/// <summary>Wall-clock time of a zone to UTC.</summary>
internal static class LocalTime
{
    /// <summary>The instant at which the zone's clocks show a time.</summary>
    /// <param name="local">Ticks of the wall clock since 1970.</param>
    /// <param name="zone">Whose clocks.</param>
    /// <param name="near">Arrival: settles the hour that happens twice when summer time ends, where <paramref name="clock"/> does not.</param>
    /// <param name="clock">What the text says of the clock.</param>
    public static long ToUtc(long local, DateTimeZone zone, Instant near, WallClock clock = WallClock.Device)
    {
        long offset = clock == WallClock.Device ? zone.GetUtcOffset(near).Ticks : OffsetOf(local, zone, clock);
        long utc = local - offset;
        long there = zone.GetUtcOffset(Instant.FromUnixTimeTicks(utc)).Ticks;
        return there == offset ? utc : local - there;
    }

    /// <summary>The larger (summer) or smaller (winter) of the offsets a day before and a day after.</summary>
    private static long OffsetOf(long local, DateTimeZone zone, WallClock clock)
    {
        long before = zone.GetUtcOffset(Instant.FromUnixTimeTicks(local - TimeSpan.TicksPerDay)).Ticks;
        long after = zone.GetUtcOffset(Instant.FromUnixTimeTicks(local + TimeSpan.TicksPerDay)).Ticks;
        return clock == WallClock.Summer ? Math.Max(before, after) : Math.Min(before, after);
    }
}
