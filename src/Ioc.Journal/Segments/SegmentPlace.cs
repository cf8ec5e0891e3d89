namespace Ioc.Journal.Segments;

/// <summary>A place in a segment where a record begins, or would.</summary>
/// <param name="Offset">The record's offset.</param>
/// <param name="Position">Its first byte in the file.</param>
/// <param name="PublishesBefore">Publishes ever accepted before it; −1 where the format does not say.</param>
internal readonly record struct SegmentPlace(long Offset, long Position, long PublishesBefore);
