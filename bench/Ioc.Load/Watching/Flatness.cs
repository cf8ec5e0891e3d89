namespace Ioc.Load.Watching;

/// <summary>Whether a figure grew over a soak: the median of its last quarter against that of its first.</summary>
/// <param name="Name">What was watched.</param>
/// <param name="First">Median of the first quarter.</param>
/// <param name="Last">Median of the last quarter.</param>
/// <param name="Tolerated">Growth that is no leak: what collections and caches move by themselves.</param>
internal readonly record struct Flatness(string Name, double First, double Last, double Tolerated)
{
    public bool IsFlat => Last <= First + Tolerated;

    /// <summary>Compares quarters of at least one value each.</summary>
    /// <param name="share">Tolerated growth as a share of the first median.</param>
    /// <param name="floor">Tolerated growth at least.</param>
    public static Flatness Of(string name, IReadOnlyList<double> values, double share, double floor)
    {
        int quarter = Math.Max(1, values.Count / 4);
        double first = Median(values.Take(quarter)), last = Median(values.Skip(values.Count - quarter));
        return new Flatness(name, first, last, Math.Max(first * share, floor));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
