namespace Ioc.Server.Replay;

internal static partial class ReplayLog
{
    [LoggerMessage(9080, LogLevel.Information, "Replay {Replay}: {MessageCount} messages compared: {Added} readings to add, {Changed} to change, {Removed} to remove")]
    public static partial void Compared(ILogger log, long replay, long messageCount, long added, long changed, long removed);

    [LoggerMessage(9081, LogLevel.Information, "Replay {Replay} committed: {MessageCount} messages changed, {Corrected} newest values put right")]
    public static partial void Committed(ILogger log, long replay, long messageCount, int corrected);

    [LoggerMessage(9082, LogLevel.Information, "Replay {Replay} was cut off in mid-commit after {DoneCount} messages; it goes on")]
    public static partial void Resumed(ILogger log, long replay, long doneCount);

    [LoggerMessage(9083, LogLevel.Warning, "A step of replay {Replay} has to wait and is tried again: {Reason}")]
    public static partial void StepWaits(ILogger log, long replay, string reason);

    [LoggerMessage(9084, LogLevel.Error, "Replay {Replay} failed; nothing that it had not committed is changed")]
    public static partial void Failed(ILogger log, long replay, Exception exception);
}
