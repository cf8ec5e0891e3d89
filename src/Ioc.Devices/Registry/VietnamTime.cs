using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>The time of the province's days, months and dates of validity.</summary>
public static class VietnamTime
{
    /// <summary>Asia/Ho_Chi_Minh: UTC+7, no summer time.</summary>
    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Asia/Ho_Chi_Minh"];

    /// <summary>The local date of an instant.</summary>
    public static LocalDate DateOf(Instant instant) => instant.InZone(Zone).Date;
}
