using Microsoft.Extensions.Logging;

namespace Ioc.Journal;

/// <summary>What the journal tells an operator. Event ids 3000 to 3099.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(3000, LogLevel.Information, "Journal in {Path}: {SegmentCount} segments, records {FirstOffset} to {NextOffset}, {PublishCount} publishes ever, {TailRecords} records checked in the last segment, nothing damaged there")]
    public static partial void Recovered(ILogger log, string path, int segmentCount, long firstOffset, long nextOffset, long publishCount, long tailRecords);

    [LoggerMessage(3001, LogLevel.Warning, "Journal in {Path}: {SegmentCount} segments, records {FirstOffset} to {NextOffset}, {PublishCount} publishes ever, {TailRecords} records checked in the last segment. Found: {Findings}")]
    public static partial void RecoveredWithFindings(ILogger log, string path, int segmentCount, long firstOffset, long nextOffset, long publishCount, long tailRecords, string findings);

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

    [LoggerMessage(3015, LogLevel.Warning, "The journal's durable mark in {Path} could not be written; it is tried again")]
    public static partial void NotMarked(ILogger log, Exception failure, string path);
}
