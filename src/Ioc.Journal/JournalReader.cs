namespace Ioc.Journal;

/// <summary>Reads durable records one after another, over all segments, each checked against its CRC.</summary>
/// <remarks>Has its own file handle and buffer; touched by one thread at a time; allocates nothing per record.</remarks>
public sealed class JournalReader : IDisposable
{
    /// <summary>The offset that the next call returns.</summary>
    public long NextOffset => throw new NotImplementedException();

    /// <summary>Shows the next record.</summary>
    /// <param name="record">A view, valid until the next call.</param>
    /// <returns>False when everything durable has been read; ask again after <see cref="RecordJournal.WaitForDurableBeyondAsync"/>.</returns>
    /// <exception cref="JournalCorruptException">The bytes are damaged; repeats until a new reader is opened behind the damage.</exception>
    /// <exception cref="RecordsTrimmedException">Trimmed while this reader, without a cursor, lagged behind.</exception>
    public bool TryRead(out JournalRecord record) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
