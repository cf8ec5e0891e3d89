using Microsoft.Extensions.Logging;

namespace Ioc.Storage.Influx;

internal static partial class InfluxLog
{
    [LoggerMessage(6201, LogLevel.Information, "Readings go to InfluxDB at {Url}: {StoredCount} messages stored, next journal offset {NextOffset}")]
    public static partial void Opened(ILogger logger, string url, long nextOffset, long storedCount);

    [LoggerMessage(6202, LogLevel.Warning, "InfluxDB refused {RefusedCount} points below offset {NextOffset}; the others of their requests are stored")]
    public static partial void PointsRefused(ILogger logger, int refusedCount, long nextOffset);
}
