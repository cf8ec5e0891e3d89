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
    public double TotalAt(double seconds) => perDay / DayCurve.DaySeconds * curve.Until(Drifted(seconds));

    /// <summary>What has flowed in the <paramref name="periodSeconds"/> before.</summary>
    public double DuringLast(double periodSeconds, double seconds) => TotalAt(seconds) - TotalAt(seconds - periodSeconds);

    /// <summary>Whole things counted in the <paramref name="periodSeconds"/> before; adds up to the whole of the total.</summary>
    public long CountDuringLast(double periodSeconds, double seconds) =>
        (long)Math.Floor(TotalAt(seconds)) - (long)Math.Floor(TotalAt(seconds - periodSeconds));

    private double Drifted(double seconds) => seconds + DriftSeconds * noise.Wander(seconds, KnotSeconds, salt);
}
