using Ioc.Mqtt.Packets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Ioc.Broker.Connections;

/// <summary>The MQTT endpoint: <c>listen.UseConnectionHandler&lt;MqttConnectionHandler&gt;()</c>. One instance serves all connections.</summary>
public sealed class MqttConnectionHandler : ConnectionHandler
{
    private readonly BrokerState _broker;
    private readonly ConnectionTable _table;
    private int _full;

    /// <summary>Created by the container; see <see cref="BrokerServices"/>.</summary>
    internal MqttConnectionHandler(BrokerState broker, ConnectionTable table)
    {
        _broker = broker;
        _table = table;
    }

    /// <summary>Serves one connection until it ends.</summary>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        long open = _broker.Counters.ConnectionOpened();
        try
        {
            if (open <= _broker.Options.MaxConnections)
                await ServeAsync(connection);
            else
                RefuseForRoom();
        }
        catch (Exception exception)
        {
            // A fault of ours ends this connection only.
            ConnectionLog.Failed(_broker.Log, connection.RemoteEndPoint, exception);
        }
        finally
        {
            _broker.Counters.ConnectionClosed();
        }
    }

    private async Task ServeAsync(ConnectionContext context)
    {
        var connection = new Connection(context, _broker);
        _table.Add(connection);

        // Kestrel asks politely when the server stops, and cuts after its time-out.
        CancellationToken stopping = context.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration registration =
            stopping.UnsafeRegister(static state => ((Connection)state!).Stop(ReasonCode.ServerShuttingDown), connection);
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _table.Remove(connection);
        }
    }

    private void RefuseForRoom()
    {
        _broker.Counters.Refused(Refusal.ConnectionLimit);
        if (Interlocked.Exchange(ref _full, 1) == 0)
            ConnectionLog.Full(_broker.Log, _broker.Options.MaxConnections);
    }
}
