using NodaTime;

namespace Ioc.Simulators.Patterns;

/// <summary>When one-stop desks receive people, and how crowded they usually are.</summary>
internal static class OfficeHours
{
    private const double MorningFrom = 7.5, MorningTo = 11.5, AfternoonFrom = 13.5, AfternoonTo = 17;

    public static bool OpenAt(LocalDateTime local)
    {
        double hour = Hour(local);
        return local.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
            && (hour is >= MorningFrom and < MorningTo || hour is >= AfternoonFrom and < AfternoonTo);
    }

    /// <summary>0 when closed, up to 1 on a Monday at nine.</summary>
    public static double CrowdAt(LocalDateTime local)
    {
        if (!OpenAt(local))
            return 0;

        double hour = Hour(local);
        double morning = Math.Exp(-Math.Pow((hour - 9) / 1.1, 2));
        double afternoon = 0.6 * Math.Exp(-Math.Pow((hour - 14.8) / 1.0, 2));
        double week = local.DayOfWeek == IsoDayOfWeek.Monday ? 1 : 0.75;
        return week * Math.Max(0.12, Math.Max(morning, afternoon));
    }

    private static double Hour(LocalDateTime local) => local.TimeOfDay.NanosecondOfDay / 3.6e12;
}
