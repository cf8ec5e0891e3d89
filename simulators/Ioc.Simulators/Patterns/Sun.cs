using NodaTime;

namespace Ioc.Simulators.Patterns;

/// <summary>Sunrise and sunset at the demo's province, good to about two minutes.</summary>
internal static class Sun
{
    private const double Latitude = 13.9;
    private const double Longitude = 109.1;
    private const double ZoneHours = 7;

    // The upper limb on the horizon with mean refraction: the usual -0.833 degrees.
    private const double HorizonDegrees = -0.833;

    /// <summary>Hours after local midnight at which the sun rises and sets.</summary>
    public static (double Rise, double Set) HoursOf(LocalDate date)
    {
        // Spencer's series for declination and equation of time, as NOAA's solar calculator uses it.
        double year = 2 * Math.PI / 365 * (date.DayOfYear - 1);
        double declination = 0.006918 - 0.399912 * Math.Cos(year) + 0.070257 * Math.Sin(year)
            - 0.006758 * Math.Cos(2 * year) + 0.000907 * Math.Sin(2 * year);
        double equationMinutes = 229.18 * (0.000075 + 0.001868 * Math.Cos(year) - 0.032077 * Math.Sin(year)
            - 0.014615 * Math.Cos(2 * year) - 0.040849 * Math.Sin(2 * year));

        double latitude = Latitude * Math.PI / 180;
        double cosHour = (Math.Sin(HorizonDegrees * Math.PI / 180) - Math.Sin(latitude) * Math.Sin(declination))
            / (Math.Cos(latitude) * Math.Cos(declination));
        double halfDayHours = Math.Acos(cosHour) * 12 / Math.PI;
        double noon = 12 + ZoneHours - Longitude / 15 - equationMinutes / 60;
        return (noon - halfDayHours, noon + halfDayHours);
    }
}
