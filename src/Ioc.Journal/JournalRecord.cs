using NodaTime;

namespace Ioc.Journal;

/// <summary>A record as a reader shows it: a view over the reader's buffer, dead at the reader's next call.</summary>
public readonly ref struct JournalRecord
{
    internal JournalRecord(long offset, RecordKind kind, long receivedAtMicroseconds, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Offset = offset;
        Kind = kind;
        ReceivedAtMicroseconds = receivedAtMicroseconds;
        Header = header;
        Payload = payload;
    }

    /// <summary>Dense number of the record, from zero.</summary>
    public long Offset { get; }

    /// <summary>What it is.</summary>
    public RecordKind Kind { get; }

    /// <summary>When it was accepted, to the microsecond; later than that of every earlier record.</summary>
    public Instant ReceivedAt => Instant.FromUnixTimeTicks(ReceivedAtMicroseconds * 10);

    /// <summary>The header bytes as they were appended; opaque here.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The payload bytes as they were appended.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    internal long ReceivedAtMicroseconds { get; }
}
