using NodaTime;

namespace Ioc.Journal;

/// <summary>One record copied out of the journal, to be kept as long as its holder likes.</summary>
/// <param name="Offset">Dense number of the record, from zero.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ReceivedAt">When it was accepted, to the microsecond.</param>
/// <param name="Header">The header bytes; the holder's own copy.</param>
/// <param name="Payload">The payload bytes; the holder's own copy.</param>
public sealed record StoredRecord(long Offset, RecordKind Kind, Instant ReceivedAt, byte[] Header, byte[] Payload);
