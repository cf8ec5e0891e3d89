namespace Ioc.Server.Pipeline;

internal static partial class IngestPipelineLog
{
    [LoggerMessage(9001, LogLevel.Critical, "The pipeline failed and the server stops; the journal keeps every message, and a restart goes on where each consumer stood")]
    public static partial void Failed(ILogger log, Exception exception);
}
