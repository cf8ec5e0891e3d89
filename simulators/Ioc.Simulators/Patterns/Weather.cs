namespace Ioc.Simulators.Patterns;

/// <summary>Air at the coast of the South Centre in November: warm, humid, coolest before dawn.</summary>
internal static class Weather
{
    public static double CelsiusAt(in Moment moment, Noise noise) =>
        26.2 + 3.2 * Math.Cos((HourOf(moment) - 14) / 24 * 2 * Math.PI) + 0.8 * noise.Wander(moment.Seconds, 1_800, 900);

    public static double HumidityAt(in Moment moment, Noise noise) =>
        Math.Clamp(80 - 13 * Math.Cos((HourOf(moment) - 14) / 24 * 2 * Math.PI) + 3 * noise.Wander(moment.Seconds, 1_800, 901), 30, 99);

    /// <summary>Share of the full sunlight, 0 at night.</summary>
    public static double SunshineAt(in Moment moment)
    {
        (double rise, double set) = Sun.HoursOf(moment.Local.Date);
        double hour = HourOf(moment);
        return hour <= rise || hour >= set ? 0 : Math.Sin((hour - rise) / (set - rise) * Math.PI);
    }

    private static double HourOf(in Moment moment) => moment.Local.TimeOfDay.NanosecondOfDay / 3.6e12;
}
