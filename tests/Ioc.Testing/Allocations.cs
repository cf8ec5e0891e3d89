namespace Ioc.Testing;

/// <summary>What code allocates on the thread that runs it.</summary>
public static class Allocations
{
    /// <summary>The bytes that the thriftiest of several passes allocated.</summary>
    /// <param name="pass">Runs on this thread from its beginning to its end; is told how many passes came before.</param>
    /// <param name="passes">How often.</param>
    /// <remarks>
    /// What allocates shows in every pass. Not so what the runtime adds: when another test's thread causes a garbage collection
    /// in the middle of a pass, the rest of this thread's allocation buffer, up to 8 KiB, counts as allocated.
    /// </remarks>
    public static long Fewest(Action<int> pass, int passes = 8)
    {
        long fewest = long.MaxValue;
        for (int i = 0; i < passes; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            pass(i);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
