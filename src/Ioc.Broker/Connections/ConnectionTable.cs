using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace Ioc.Broker.Connections;

/// <summary>All open connections, and one timer that ends those silent for too long: CONNECT that does not come, keep alive that ran out.</summary>
internal sealed class ConnectionTable(TimeProvider time) : BackgroundService
{
    // How much later than its due a silent connection may be closed.
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Connection, byte> _open = [];

    public void Add(Connection connection) => _open.TryAdd(connection, 0);

    public void Remove(Connection connection) => _open.TryRemove(connection, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                long now = time.GetTimestamp();
                foreach (KeyValuePair<Connection, byte> entry in _open)
                {
                    entry.Key.StopIfSilent(now);
                    entry.Key.StopIfBarred();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops; Kestrel ends the connections.
        }
    }
}
