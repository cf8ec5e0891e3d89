using System.Net;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Connections;

internal static partial class ConnectionLog
{
    // Debug: ten thousand devices that come back after a power cut would drown the log.
    [LoggerMessage(2001, LogLevel.Debug, "Client {ClientId} connected with {Version} from {Remote}")]
    public static partial void Connected(ILogger log, string clientId, ProtocolVersion version, EndPoint? remote);

    [LoggerMessage(2002, LogLevel.Debug, "Connection of client {ClientId} from {Remote} closed: {Reason}")]
    public static partial void Closed(ILogger log, string? clientId, EndPoint? remote, ReasonCode reason);

    [LoggerMessage(2003, LogLevel.Error, "A connection from {Remote} ended by a fault of ours")]
    public static partial void Failed(ILogger log, EndPoint? remote, Exception exception);

    [LoggerMessage(2004, LogLevel.Warning, "{MaxConnections} connections are open; the next ones are closed unread")]
    public static partial void Full(ILogger log, int maxConnections);

    [LoggerMessage(2005, LogLevel.Error, "A connection could not be written to by a fault of ours, or because the journal could not be read")]
    public static partial void WriteFailed(ILogger log, Exception exception);
}
