using Microsoft.Win32.SafeHandles;

namespace Ioc.Journal.Segments;

/// <summary>Where appending goes on after a start.</summary>
/// <param name="Segment">The segment to append to; null when the next record begins one.</param>
/// <param name="File">Its file, open for writing.</param>
/// <param name="Position">Byte behind its last record.</param>
/// <param name="NextOffset">Offset of the next record.</param>
/// <param name="PublishCount">Publishes ever accepted.</param>
/// <param name="LastReceivedAt">No later record may be stamped at or before this; Unix microseconds.</param>
internal sealed record JournalTail(Segment? Segment, SafeFileHandle? File, long Position, long NextOffset, long PublishCount, long LastReceivedAt);
