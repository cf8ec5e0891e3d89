using System.Numerics;

namespace Ioc.Load.Figures;

/// <summary>Counts durations in buckets no wider than a 64th of their value, from a nanosecond to hours.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int Subs = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) * Subs];

    public long Count { get; private set; }

    public TimeSpan Longest { get; private set; }

    public void Record(TimeSpan duration)
    {
        _counts[IndexOf((long)duration.TotalNanoseconds)]++;
        Count++;
        if (duration > Longest)
            Longest = duration;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Longest) = (0, TimeSpan.Zero);
    }

    /// <summary>A duration that so many of a hundred do not exceed: the upper edge of their bucket, but never more than the longest.</summary>
    public TimeSpan Percentile(double percent)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        for (int i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
                return TimeSpan.FromMicroseconds(UpperOf(i) / 1000.0) is var edge && edge < Longest ? edge : Longest;
        }

        return Longest;
    }

    private static int IndexOf(long nanoseconds)
    {
        if (nanoseconds < Subs)
            return (int)Math.Max(0, nanoseconds);
        int shift = BitOperations.Log2((ulong)nanoseconds) - SubBits;
        return (shift + 1) * Subs + (int)(nanoseconds >> shift) - Subs;
    }

    private static long UpperOf(int index)
    {
        int shift = index / Subs - 1;
        return shift < 0 ? index : (((long)(index % Subs) + Subs + 1) << shift) - 1;
    }
}
