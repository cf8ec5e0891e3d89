namespace Ioc.Simulators.Patterns;

/// <summary>Rain at one gauge: dry most of the time, showers of a tropical autumn between.</summary>
/// <remarks>Not thread-safe: it remembers what has fallen.</remarks>
internal sealed class Showers(Noise noise)
{
    private const double KnotSeconds = 900;
    private const double HeaviestMillimetresPerHour = 28;
    private const double WetShare = 0.035;

    private readonly List<double> _fallenUntilKnot = [0];

    /// <summary>Millimetres per hour at this moment.</summary>
    public double RateAt(double seconds)
    {
        double position = seconds / KnotSeconds;
        long knot = (long)Math.Floor(position);
        double along = position - knot;
        return AtKnot(knot) * (1 - along) + AtKnot(knot + 1) * along;
    }

    /// <summary>Millimetres since the beginning of the simulated time; only rises.</summary>
    public double TotalAt(double seconds)
    {
        int knot = (int)Math.Floor(seconds / KnotSeconds);
        while (_fallenUntilKnot.Count <= knot)
        {
            int last = _fallenUntilKnot.Count - 1;
            _fallenUntilKnot.Add(_fallenUntilKnot[last] + (AtKnot(last) + AtKnot(last + 1)) / 2 * KnotSeconds / 3_600);
        }

        double rest = seconds - knot * KnotSeconds;
        return _fallenUntilKnot[knot] + (AtKnot(knot) + RateAt(seconds)) / 2 * rest / 3_600;
    }

    /// <summary>Millimetres since the shower began; 0 when it is dry.</summary>
    public double EventAt(double seconds)
    {
        if (RateAt(seconds) <= 0)
            return 0;

        int knot = (int)Math.Floor(seconds / KnotSeconds);
        while (knot > 0 && AtKnot(knot) > 0)
            knot--;

        return TotalAt(seconds) - TotalAt(knot * KnotSeconds);
    }

    // A shower lasts a few knots because wetness is drawn per hour and strength per knot.
    private double AtKnot(long knot)
    {
        double wet = noise.Uniform(knot / 4, 1);
        return wet < WetShare ? HeaviestMillimetresPerHour * (0.05 + 0.95 * noise.Uniform(knot, 2) * (1 - wet / WetShare)) : 0;
    }
}
