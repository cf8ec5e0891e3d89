using System.Collections.Concurrent;

namespace Ioc.Storage.DuckDb;

/// <summary>One thread for work that blocks, done in order. DuckDB keeps memory for each thread that calls it: a thread for each commit would allocate it anew.</summary>
/// <remarks>Bounded by its caller, which waits for one piece of work before it brings the next.</remarks>
internal sealed class WriterThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public WriterThread(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes, or fails, as the work does.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() => Finish(work, done));
        return done.Task;
    }

    /// <summary>Waits for the work under way.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private static void Finish(Action work, TaskCompletionSource done)
    {
        try
        {
            work();
            done.SetResult();
        }
        catch (Exception e)
        {
            // Whoever awaits the work gets it.
            done.SetException(e);
        }
    }

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
            work();
    }
}
