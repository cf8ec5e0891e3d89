namespace Ioc.Journal.Recovery;

/// <summary>State that somebody has kept, and the journal offset up to which it takes records into account.</summary>
/// <param name="Offset">First record that is not in it.</param>
/// <param name="Bytes">As they were written.</param>
public sealed record Snapshot(long Offset, ReadOnlyMemory<byte> Bytes);
