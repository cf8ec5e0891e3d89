using Microsoft.Extensions.Logging;

namespace Ioc.Storage;

internal static partial class GroupCommitLog
{
    [LoggerMessage(6001, LogLevel.Error, "{Store} cannot write {MessageCount} messages below offset {NextOffset}; they are kept and tried again: {Reason}")]
    public static partial void CommitFailed(ILogger logger, string store, int messageCount, long nextOffset, string reason);

    [LoggerMessage(6002, LogLevel.Information, "{Store} writes again; everything below offset {NextOffset} is safe")]
    public static partial void Recovered(ILogger logger, string store, long nextOffset);

    [LoggerMessage(6003, LogLevel.Warning, "{Store} closes without its newest messages; it will take them from the journal again, from offset {DurableOffset}")]
    public static partial void GaveUp(ILogger logger, string store, long durableOffset);
}
