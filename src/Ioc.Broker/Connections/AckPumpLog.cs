using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Connections;

internal static partial class AckPumpLog
{
    [LoggerMessage(2010, LogLevel.Error, "Accepted messages cannot be made durable; the connections that wait for their acknowledgement are closed")]
    public static partial void NotDurable(ILogger log, Exception exception);
}
