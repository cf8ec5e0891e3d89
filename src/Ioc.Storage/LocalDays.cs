using NodaTime;

namespace Ioc.Storage;

/// <summary>The one place that knows how buckets lie on the time line.</summary>
internal static class LocalDays
{
    /// <summary>Việt Nam's distance from UTC, without summer time since 1975: a local day begins at 17:00 UTC.</summary>
    public static readonly Duration Offset = Duration.FromHours(7);

    /// <summary>A local midnight, from which buckets of every width count.</summary>
    public static readonly Instant Origin = Instant.FromUtc(1999, 12, 31, 17, 0);

    public static Duration WidthOf(Bucket bucket) => bucket switch
    {
        Bucket.M1 => Duration.FromMinutes(1),
        Bucket.M15 => Duration.FromMinutes(15),
        Bucket.H1 => Duration.FromHours(1),
        Bucket.D1 => Duration.FromDays(1),
        _ => throw new ArgumentOutOfRangeException(nameof(bucket), bucket, "No such bucket."),
    };
}
