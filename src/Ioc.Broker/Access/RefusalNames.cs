namespace Ioc.Broker.Access;

/// <summary>Refusals as the words of our interfaces: camelCase.</summary>
internal static class RefusalNames
{
    private static readonly string[] Names = [.. Enum.GetNames<Refusal>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    public static int Count => Names.Length;

    public static string Of(Refusal reason) => Names[(int)reason];

    /// <summary>Counts by name; reasons that never happened are left out.</summary>
    public static Dictionary<string, long> Snapshot(long[] counts) => Snapshot(counts, Names);

    /// <summary>The same with other names.</summary>
    public static Dictionary<string, long> Snapshot(long[] counts, string[] names)
    {
        var snapshot = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < counts.Length; i++)
        {
            long count = Interlocked.Read(ref counts[i]);
            if (count > 0)
                snapshot.Add(names[i], count);
        }

        return snapshot;
    }
}
