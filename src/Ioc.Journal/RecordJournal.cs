using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ioc.Journal;

/// <summary>The durable, append-only record of everything accepted: segment files with checksums, flushed in groups.</summary>
/// <remarks>
/// Thread-safe. Offsets are dense from zero over the journal's whole life; records are opaque. A folder is open in one journal at a
/// time. One thread of its own writes and flushes; appends go on into a second buffer meanwhile.
/// </remarks>
public sealed class RecordJournal : IAsyncDisposable
{
    /// <summary>Opens a folder, recovers what it holds, and starts to take records.</summary>
    /// <param name="options">Validated here too.</param>
    /// <param name="clock">Stamps records and ages segments.</param>
    /// <param name="log">Gets one line about what was found.</param>
    /// <exception cref="JournalLockedException">Somebody else has the folder open.</exception>
    public static RecordJournal Open(JournalOptions options, IClock clock, ILogger<RecordJournal> log) => throw new NotImplementedException();

    /// <summary>The offset that the next record gets.</summary>
    public long TailOffset => throw new NotImplementedException();

    /// <summary>Every record below is on the disk.</summary>
    public long DurableOffset => throw new NotImplementedException();

    /// <summary>The oldest record kept; equals <see cref="TailOffset"/> when none is.</summary>
    public long FirstOffset => throw new NotImplementedException();

    /// <summary>Durable records of kind <see cref="RecordKind.Publish"/> since the journal began, trimmed ones included.</summary>
    public long PublishCount => throw new NotImplementedException();

    /// <summary>Whether records are taken at present, and why not.</summary>
    public JournalState State => throw new NotImplementedException();

    /// <summary>What broke, when <see cref="State"/> is <see cref="JournalState.Failed"/>; else null.</summary>
    public Exception? Failure => throw new NotImplementedException();

    /// <summary>Takes the append lock until the batch is disposed. One per read of a connection, not one per message.</summary>
    public RecordBatch BeginBatch() => throw new NotImplementedException();

    /// <summary>Completes when the record at <paramref name="offset"/> is durable.</summary>
    /// <exception cref="JournalFailedException">It will never be.</exception>
    public ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Completes when <see cref="DurableOffset"/> is greater than <paramref name="durable"/>: there is something new to read or to acknowledge.</summary>
    /// <exception cref="JournalFailedException">It will never be.</exception>
    public ValueTask WaitForDurableBeyondAsync(long durable, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Opens a reader of durable records.</summary>
    /// <param name="fromOffset">First record to read; the tail is allowed.</param>
    /// <exception cref="RecordsTrimmedException">The record is no longer kept.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Beyond the tail.</exception>
    public JournalReader OpenReader(long fromOffset) => throw new NotImplementedException();

    /// <summary>Reads one record by its offset, for the eyes of a person: opens and closes the file.</summary>
    /// <returns>False when it is trimmed or not durable yet.</returns>
    /// <exception cref="JournalCorruptException">Its bytes are damaged.</exception>
    public bool TryReadAt(long offset, [NotNullWhen(true)] out StoredRecord? record) => throw new NotImplementedException();

    /// <summary>Says how far a consumer has come. Segments may be trimmed only when every cursor has passed them.</summary>
    /// <remarks>
    /// Kept in memory only: a consumer keeps its own durable cursor, and says it here before appends start. Without any cursor
    /// everything may be trimmed.
    /// </remarks>
    /// <param name="consumer">Stable name.</param>
    /// <param name="nextOffset">First record it has not durably consumed.</param>
    /// <exception cref="ArgumentOutOfRangeException">Beyond the tail: the journal is older than what the consumer remembers.</exception>
    public void SetCursor(string consumer, long nextOffset) => throw new NotImplementedException();

    /// <summary>Flushes what was appended, then closes. Open readers can read on.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
