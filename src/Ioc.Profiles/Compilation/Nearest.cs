namespace Ioc.Profiles.Compilation;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class Nearest
{
    /// <summary>The candidate at most three letters away; null when none is.</summary>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        (string? best, int distance) = (null, Math.Min(4, 1 + (name.Length / 2)));
        foreach (string candidate in candidates)
        {
            int away = Distance(name, candidate);
            if (away < distance)
                (best, distance) = (candidate, away);
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
