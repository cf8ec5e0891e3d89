using System.Collections.Concurrent;
using Ioc.Devices.Readings;

namespace Ioc.Server.Pipeline;

/// <summary>A decoded batch held by several lanes at once; back in its pool when the last lets go.</summary>
internal sealed class SharedBatch(BatchPool pool)
{
    private int _holders;

    public ReadingBatch Readings { get; } = new();

    public void Hold(int holders) => Volatile.Write(ref _holders, holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            pool.Return(this);
    }
}

/// <summary>Batches for reuse. Bounded by what the lanes can hold: their queues, one in each hand, one being filled.</summary>
internal sealed class BatchPool
{
    private readonly ConcurrentBag<SharedBatch> _free = [];

    public SharedBatch Rent() => _free.TryTake(out SharedBatch? batch) ? batch : new SharedBatch(this);

    public void Return(SharedBatch batch) => _free.Add(batch);
}
