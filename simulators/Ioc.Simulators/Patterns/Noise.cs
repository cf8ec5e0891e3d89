using System.Text;

namespace Ioc.Simulators.Patterns;

/// <summary>
/// Randomness that is a function of the seed, the device and the moment, and of nothing else: the same run twice gives the
/// same values, a restarted simulator goes on where it was, and no generator has to be kept in step.
/// </summary>
/// <param name="state">Seed and device, hashed together.</param>
internal readonly struct Noise(ulong state)
{
    public static Noise Of(int seed, string key)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ b) * 1099511628211;

        return new Noise(Mix(hash ^ (ulong)(uint)seed * 0x9E3779B97F4A7C15));
    }

    /// <summary>Evenly spread in [0, 1). <paramref name="salt"/> keeps the quantities of one device apart.</summary>
    public double Uniform(long tick, int salt) =>
        (Mix(state ^ Mix((ulong)tick * 0xD1B54A32D192ED03 + (ulong)salt)) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Evenly spread in [-1, 1).</summary>
    public double Symmetric(long tick, int salt) => Uniform(tick, salt) * 2 - 1;

    /// <summary>Wanders within [-1, 1], straight from knot to knot; <paramref name="knotSeconds"/> apart.</summary>
    public double Wander(double seconds, double knotSeconds, int salt)
    {
        double position = seconds / knotSeconds;
        long knot = (long)Math.Floor(position);
        double along = position - knot;
        return Symmetric(knot, salt) * (1 - along) + Symmetric(knot + 1, salt) * along;
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
