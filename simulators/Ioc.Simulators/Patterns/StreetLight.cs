using NodaTime;

namespace Ioc.Simulators.Patterns;

/// <summary>A lighting cabinet's day: full from sunset, dimmed from eleven, off at sunrise.</summary>
/// <remarks>Not thread-safe: it remembers the nights it has added up.</remarks>
internal sealed class StreetLight
{
    private const double DimmedFromHour = 23;
    private const double DimmedShare = 0.6;
    private const double HourSeconds = 3_600;

    private readonly LocalDate _firstDay;
    private readonly List<double> _burntUntilDay = [0];

    public StreetLight(LocalDate firstDay) => _firstDay = firstDay;

    /// <summary>Share of the full load: 0 by day, 1 in the evening, less late at night.</summary>
    public double ShareAt(double seconds)
    {
        (LocalDate date, double hour) = Split(seconds);
        (double rise, double set) = Sun.HoursOf(date);
        bool dark = hour >= set || hour < rise;
        return !dark ? 0 : hour >= DimmedFromHour || hour < rise ? DimmedShare : 1;
    }

    /// <summary>Seconds of full load burnt since the first day; only rises.</summary>
    public double BurntUntil(double seconds)
    {
        int day = (int)Math.Floor(seconds / DayCurve.DaySeconds);
        while (_burntUntilDay.Count <= day)
            _burntUntilDay.Add(_burntUntilDay[^1] + BurntOn(_firstDay.PlusDays(_burntUntilDay.Count - 1), 24));

        return _burntUntilDay[day] + BurntOn(_firstDay.PlusDays(day), Split(seconds).Hour);
    }

    private static double BurntOn(LocalDate date, double untilHour)
    {
        (double rise, double set) = Sun.HoursOf(date);
        double morning = Math.Min(untilHour, rise);
        double evening = Math.Clamp(untilHour, set, DimmedFromHour) - set;
        double late = Math.Max(untilHour, DimmedFromHour) - DimmedFromHour;
        return (evening + DimmedShare * (morning + late)) * HourSeconds;
    }

    private (LocalDate Date, double Hour) Split(double seconds)
    {
        double day = Math.Floor(seconds / DayCurve.DaySeconds);
        return (_firstDay.PlusDays((int)day), (seconds - day * DayCurve.DaySeconds) / HourSeconds);
    }
}
