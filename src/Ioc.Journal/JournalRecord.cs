using NodaTime;

namespace Ioc.Journal;

/// <summary>A record as a reader shows it: a view over the reader's buffer, dead at the reader's next call.</summary>
public readonly ref struct JournalRecord
{
    internal JournalRecord(long offset, RecordKind kind, long receivedAtMicroseconds, long publishesBefore, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Offset = offset;
        Kind = kind;
        ReceivedAtMicroseconds = receivedAtMicroseconds;
        PublishesBefore = publishesBefore;
        Header = header;
        Payload = payload;
    }

    /// <summary>Dense number of the record, from zero.</summary>
    public long Offset { get; }

    /// <summary>What it is.</summary>
    public RecordKind Kind { get; }

    /// <summary>When it was accepted, to the microsecond; later than that of every earlier record.</summary>
    public Instant ReceivedAt => Instant.FromUnixTimeTicks(ReceivedAtMicroseconds * 10);

    /// <summary>How many records of kind <see cref="RecordKind.Publish"/> were ever accepted before it, trimmed ones included; −1 in a segment of format 1, which does not say.</summary>
    public long PublishesBefore { get; }

    /// <summary>The header bytes as they were appended; opaque here.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The payload bytes as they were appended.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    internal long ReceivedAtMicroseconds { get; }
}
