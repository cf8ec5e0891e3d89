using NodaTime;

namespace Ioc.Profiles.Fields;

/// <summary>Wall-clock time of a zone to UTC.</summary>
internal static class LocalTime
{
    /// <summary>The instant at which the zone's clocks show a time.</summary>
    /// <param name="local">Ticks of the wall clock since 1970.</param>
    /// <param name="zone">Whose clocks.</param>
    /// <param name="near">Arrival: settles the hour that happens twice when summer time ends.</param>
    public static long ToUtc(long local, DateTimeZone zone, Instant near)
    {
        long offset = zone.GetUtcOffset(near).Ticks;
        long utc = local - offset;
        long there = zone.GetUtcOffset(Instant.FromUnixTimeTicks(utc)).Ticks;
        return there == offset ? utc : local - there;
    }
}
