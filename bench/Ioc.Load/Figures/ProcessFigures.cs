using System.Globalization;

namespace Ioc.Load.Figures;

/// <summary>What /proc says about another process on this machine.</summary>
/// <param name="CpuSeconds">User and system, of all its threads, since it began.</param>
/// <param name="ResidentBytes">Memory it holds now.</param>
/// <param name="Descriptors">Open files and sockets.</param>
internal readonly record struct ProcessFigures(double CpuSeconds, long ResidentBytes, int Descriptors)
{
    // USER_HZ, which is 100 on every architecture .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessFigures Of(int processId) => new(
        CpuSecondsOf(File.ReadAllText($"/proc/{processId}/stat")),
        ResidentBytesOf(File.ReadAllLines($"/proc/{processId}/status")),
        Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length);

    /// <summary>Fields 14 and 15; the second field is a name in brackets, which may hold anything.</summary>
    public static double CpuSecondsOf(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    public static long ResidentBytesOf(IEnumerable<string> status)
    {
        string line = status.First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line["VmRSS:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024;
    }
}
