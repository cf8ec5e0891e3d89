using Microsoft.Extensions.Logging;

namespace Ioc.Storage.DuckDb;

internal static partial class DuckDbLog
{
    [LoggerMessage(6101, LogLevel.Information, "Opened {Path}: {StoredCount} messages stored, next journal offset {NextOffset}")]
    public static partial void Opened(ILogger logger, string path, long nextOffset, long storedCount);

    [LoggerMessage(6102, LogLevel.Warning, "Opened {Path} again after DuckDB had given it up")]
    public static partial void Reopened(ILogger logger, string path);
}
