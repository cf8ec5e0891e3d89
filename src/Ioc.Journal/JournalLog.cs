using Microsoft.Extensions.Logging;

namespace Ioc.Journal;

/// <summary>What the journal tells an operator. Event ids 3000 to 3099.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(3000, LogLevel.Information, "Journal in {Path}: {SegmentCount} segments, {FirstOffset} to {NextOffset} kept, {TailRecords} records read in the last segment, {CutBytes} bytes cut")]
    public static partial void Recovered(ILogger log, string path, int segmentCount, long firstOffset, long nextOffset, long tailRecords, long cutBytes);

    [LoggerMessage(3001, LogLevel.Warning, "Journal segment {Segment} ended in a torn record at byte {Position}, offset {Offset}: {CutBytes} bytes cut, no whole record followed")]
    public static partial void TornTailCut(ILogger log, string segment, long position, long offset, long cutBytes);

    [LoggerMessage(3002, LogLevel.Error, "Journal segment {Segment} is damaged at byte {Position}: records {Offset} to {LastLost} are lost, whole records follow. The file is kept as it is and appending goes on in a new one")]
    public static partial void TailDamaged(ILogger log, string segment, long position, long offset, long lastLost);

    [LoggerMessage(3003, LogLevel.Error, "Journal segment {Segment} has a damaged header; its records are taken by the file's name. The count of publishes before it is taken for its first offset")]
    public static partial void HeaderDamaged(ILogger log, string segment);

    [LoggerMessage(3004, LogLevel.Error, "Journal segment {Segment} holds no readable header and no record; set aside as {Aside}")]
    public static partial void SetAside(ILogger log, string segment, string aside);

    [LoggerMessage(3010, LogLevel.Error, "Journal in {Path} failed at offset {Offset} and takes no more records")]
    public static partial void Failed(ILogger log, Exception failure, string path, long offset);

    [LoggerMessage(3011, LogLevel.Error, "Journal in {Path} has no next segment ({Reason}): {Why}")]
    public static partial void Refusing(ILogger log, string path, JournalState reason, string why);

    [LoggerMessage(3012, LogLevel.Information, "Journal in {Path} has room again")]
    public static partial void Accepting(ILogger log, string path);

    [LoggerMessage(3013, LogLevel.Information, "{SegmentCount} journal segments older than {RetentionDays} days deleted")]
    public static partial void Expired(ILogger log, int segmentCount, int retentionDays);

    [LoggerMessage(3014, LogLevel.Warning, "An old journal segment in {Path} could not be deleted; it comes back with the next start")]
    public static partial void NotDeleted(ILogger log, Exception failure, string path);
}
