namespace Ioc.Simulators.Patterns;

/// <summary>Voltage at a low-voltage customer: 230 V at the transformer, less the more is drawn; 209 to 231 V is normal.</summary>
internal static class Mains
{
    private const double LoadDropVolts = 5;
    private const double DipVolts = 42;

    /// <param name="load">Share of the day's peak, 0 to 1.</param>
    /// <param name="dip">Strength of a fault on the line, 0 to 1.</param>
    public static double VoltsAt(in Moment moment, Noise noise, double load, double dip) =>
        227 - LoadDropVolts * load + 2 * noise.Wander(moment.Seconds, 45, 910) - DipVolts * dip;
}
