using NodaTime;

namespace Ioc.Simulators.Patterns;

/// <summary>
/// Something that flows by a day curve and is counted: vehicles, energy, water. The total is a function of time alone, so
/// a counter goes on after a restart, and rate and total always agree.
/// </summary>
internal sealed class Flow(DayCurve curve, double perDay, Noise noise, int salt = 0)
{
    // The flow runs up to 25 s early or late against the curve, in straight pieces of 60 s. The slope stays above
    // -50/60, so the total can only rise, and the rate breathes between a sixth of the curve and twice.
    private const double KnotSeconds = 60;
    private const double DriftSeconds = 25;

    /// <summary>What has flowed since the beginning of the simulated time.</summary>
    /// <remarks>Divided by the speed: values that run sixty times faster must not count sixty times as much.</remarks>
    public double TotalAt(in Moment moment) => TotalAt(moment.Seconds) / moment.Speed;

    /// <summary>What has flowed in the device's last period.</summary>
    public double During(Duration period, in Moment moment) =>
        (TotalAt(moment.Seconds) - TotalAt(moment.Seconds - moment.Simulated(period))) / moment.Speed;

    /// <summary>Whole things counted in the device's last period; over time they add up to the total.</summary>
    public long CountDuring(Duration period, in Moment moment) =>
        (long)Math.Floor(TotalAt(moment.Seconds) / moment.Speed)
        - (long)Math.Floor(TotalAt(moment.Seconds - moment.Simulated(period)) / moment.Speed);

    /// <summary>What flows now, per second.</summary>
    public double RateAt(in Moment moment) => TotalAt(moment.Seconds) - TotalAt(moment.Seconds - 1);

    /// <summary>What had flowed at an earlier simulated second, on the same scale as <see cref="TotalAt(in Moment)"/>.</summary>
    public double TotalAt(double seconds, in Moment now) => TotalAt(seconds) / now.Speed;

    private double TotalAt(double seconds)
    {
        double drifted = seconds + DriftSeconds * noise.Wander(seconds, KnotSeconds, salt);
        return perDay / DayCurve.DaySeconds * curve.Until(drifted);
    }
}
