using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>Stands before and behind what happens ahead of MQTT (PROXY header, TLS handshake): bounds it in time and number, and counts who does not get through.</summary>
internal sealed class Doorway(IOptions<TransportOptions> options, TransportCounters counters, ILogger<Doorway> log)
{
    private readonly int _room = options.Value.MaxOpening;
    private readonly TimeSpan _patience = options.Value.OpeningTimeout;
    private int _inside;

    /// <summary>The outer side.</summary>
    public ConnectionDelegate Enter(ConnectionDelegate next) => connection => EnterAsync(connection, next);

    /// <summary>The inner side: what comes here speaks MQTT.</summary>
    public ConnectionDelegate Arrive(ConnectionDelegate next) => connection =>
    {
        Passage passage = connection.Features.GetRequiredFeature<Passage>();
        passage.Arrive();
        Leave(passage);
        return next(connection);
    };

    private async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _inside) > _room)
        {
            Interlocked.Decrement(ref _inside);
            Turn(connection, Turned.TooManyOpening);
            return;
        }

        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        var passage = new Passage(connection, _patience, stopping);
        connection.Features.Set(passage);
        try
        {
            await next(connection);
        }
        finally
        {
            if (!passage.HasArrived)
            {
                Turn(connection, passage.Reason ?? passage.Cut ?? Turned.TlsHandshake);
                Leave(passage);
            }
        }
    }

    private void Leave(Passage passage)
    {
        Interlocked.Decrement(ref _inside);
        passage.Dispose();
    }

    private void Turn(ConnectionContext connection, Turned reason)
    {
        counters.Count(reason);
        TransportLog.TurnedAway(log, connection.RemoteEndPoint, reason);
    }
}
