using System.Net.WebSockets;
using Ioc.Broker.Connections;
using Microsoft.AspNetCore.Http;

namespace Ioc.Broker.Transports;

/// <summary>Judges a WebSocket request and hands the connection to the MQTT endpoint.</summary>
internal sealed class WebSocketEndpoint(OriginRule origins, MqttConnectionHandler handler, TransportCounters counters)
{
    private const string Subprotocol = "mqtt";

    public async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address serves MQTT over WebSocket.");
        }
        else if (!origins.Allows(context.Request))
        {
            counters.Count(Turned.WebSocketOrigin);
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Pages of this origin may not connect; Mqtt:WebSocket:Origins lists those that may.");
        }
        else if (!context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol, StringComparer.Ordinal))
        {
            counters.Count(Turned.WebSocketProtocol);
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The subprotocol mqtt must be asked for."); // [MQTT-6.0.0-3]
        }
        else
        {
            await AcceptAsync(context);
        }
    }

    private async Task AcceptAsync(HttpContext context)
    {
        // MQTT's keep alive finds dead peers; pings of WebSocket's own would only wake sleeping devices.
        var terms = new WebSocketAcceptContext { SubProtocol = Subprotocol, KeepAliveInterval = Timeout.InfiniteTimeSpan }; // [MQTT-6.0.0-4]
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(terms);
        await using var connection = new WebSocketConnection(socket, context);
        if (await connection.RunAsync(handler) == WebSocketCloseStatus.InvalidMessageType)
            counters.Count(Turned.WebSocketFrame);
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
