namespace Ioc.Simulators.Patterns;

/// <summary>How a quantity is spread over the local day: 24 values at the full hours, straight lines between, mean 1.</summary>
internal sealed class DayCurve
{
    public const double DaySeconds = 86_400;
    private const double HourSeconds = 3_600;

    // Rush hours, and the way home at noon; 70 of 100 trips are by motorbike, so the night is nearly empty.
    public static readonly DayCurve Traffic = new(1, 1, 1, 1, 2, 8, 26, 34, 24, 18, 19, 27, 22, 15, 16, 19, 28, 36, 27, 19, 15, 10, 5, 2);

    // Cooking and cooling at noon, the whole family at home from half past six to ten.
    public static readonly DayCurve Household = new(5, 4, 4, 4, 5, 7, 9, 8, 6, 6, 8, 12, 11, 8, 7, 7, 9, 13, 19, 22, 21, 17, 11, 7);

    // Public buildings and pumps: office hours over a base load.
    public static readonly DayCurve PublicBuilding = new(3, 3, 3, 3, 3, 4, 8, 18, 22, 23, 23, 18, 9, 18, 22, 22, 20, 11, 6, 5, 4, 4, 3, 3);

    // Never quite nil at night: what flows from two to four in the morning is what leaks.
    public static readonly DayCurve Water = new(3, 2, 2, 2, 4, 12, 22, 19, 12, 10, 11, 15, 12, 8, 8, 9, 13, 20, 24, 20, 14, 9, 6, 4);

    private readonly double[] _atHour;
    private readonly double[] _untilHour;

    private DayCurve(params double[] atHour)
    {
        double mean = atHour.Average();
        _atHour = [.. atHour.Select(v => v / mean), atHour[0] / mean];
        _untilHour = new double[25];
        for (int hour = 0; hour < 24; hour++)
            _untilHour[hour + 1] = _untilHour[hour] + (_atHour[hour] + _atHour[hour + 1]) / 2 * HourSeconds;
    }

    /// <summary>The highest share of the mean.</summary>
    public double Peak => _atHour.Max();

    /// <summary>The share of the mean at this moment. <paramref name="seconds"/> count from any local midnight.</summary>
    public double At(double seconds)
    {
        (int hour, double along) = Split(OfDay(seconds));
        return _atHour[hour] * (1 - along) + _atHour[hour + 1] * along;
    }

    /// <summary>The integral of <see cref="At"/> from 0: rises by 86,400 a day.</summary>
    public double Until(double seconds)
    {
        double ofDay = OfDay(seconds);
        (int hour, double along) = Split(ofDay);
        double rest = (_atHour[hour] + (_atHour[hour + 1] - _atHour[hour]) * along / 2) * along * HourSeconds;
        return seconds - ofDay + _untilHour[hour] + rest;
    }

    private static double OfDay(double seconds) => seconds - Math.Floor(seconds / DaySeconds) * DaySeconds;

    private static (int Hour, double Along) Split(double ofDay)
    {
        int hour = Math.Min((int)(ofDay / HourSeconds), 23);
        return (hour, ofDay / HourSeconds - hour);
    }
}
