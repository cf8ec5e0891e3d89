using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Connections;

/// <summary>Waits for the journal on behalf of every connection that has acknowledgements pending, and wakes their writers after each flush: one waiter for all.</summary>
/// <remarks>The list holds each connection at most once, so it is bounded by the connections.</remarks>
internal sealed class AckPump(IPublishHandler handler, ILogger<AckPump> log) : BackgroundService
{
    private readonly WakeSignal _work = new();
    private readonly Lock _gate = new();
    private List<ConnectionWriter> _waiting = [];
    private List<ConnectionWriter> _woken = [];

    /// <summary>Has a writer woken once <paramref name="position"/> is durable, or somewhat before. Any thread.</summary>
    public void Register(ConnectionWriter writer, long position)
    {
        // Asked first: one that is on the list already waits for a flush, and there may never be another.
        if (position < handler.DurablePosition)
        {
            writer.Signal();
            return;
        }

        if (!writer.TryEnterPump())
            return;

        lock (_gate)
            _waiting.Add(writer);

        // Looked at after the writer is on the list: a flush in between is seen here or by the pump.
        if (position < handler.DurablePosition)
            writer.Signal();
        _work.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using CancellationTokenRegistration stop = stoppingToken.Register(_work.Set);
        long seen = handler.DurablePosition;
        while (!stoppingToken.IsCancellationRequested)
        {
            await _work.WaitAsync();
            try
            {
                while (HasWaiting())
                {
                    await handler.WaitForDurableAsync(seen, stoppingToken);
                    seen = handler.DurablePosition;
                    foreach (ConnectionWriter writer in Take())
                        writer.Signal();
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // What was not flushed is not acknowledged: these clients will send again.
                AckPumpLog.NotDurable(log, exception);
                foreach (ConnectionWriter writer in Take())
                    writer.Fail();
            }
        }
    }

    private bool HasWaiting()
    {
        lock (_gate)
            return _waiting.Count > 0;
    }

    private List<ConnectionWriter> Take()
    {
        lock (_gate)
        {
            _woken.Clear();
            (_waiting, _woken) = (_woken, _waiting);
            foreach (ConnectionWriter writer in _woken)
                writer.LeavePump();
            return _woken;
        }
    }
}
