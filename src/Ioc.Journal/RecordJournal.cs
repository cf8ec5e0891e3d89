using System.Diagnostics.CodeAnalysis;
using Ioc.Journal.Recovery;
using Ioc.Journal.Segments;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Ioc.Journal;

/// <summary>The durable, append-only record of everything accepted: segment files with checksums, flushed in groups.</summary>
/// <remarks>
/// Thread-safe. Offsets count from zero over the journal's whole life and are never given twice; records are opaque. A folder is open
/// in one journal at a time. One thread of its own writes and flushes; appends go on into a second buffer meanwhile.
/// </remarks>
public sealed class RecordJournal : IAsyncDisposable
{
    // Records read singly rarely take more; a larger one is read in a second read.
    private const int SingleReadBytes = 64 << 10;

    private readonly FolderLock _lock;
    private readonly JournalMetrics _metrics = new();
    private readonly SegmentSet _segments;
    private readonly AppendQueue _queue;
    private readonly DurableWatermark _watermark;
    private readonly Committer _committer;

    private RecordJournal(JournalOptions options, IClock clock, ILogger log, FolderLock folderLock, Action<SafeFileHandle> flush)
    {
        var mark = new DurableMark(options.Path);
        (IReadOnlyList<Segment> segments, JournalTail tail) = new SegmentRecovery(options.Path, mark, log).Recover();
        _lock = folderLock;
        _segments = new SegmentSet(options, segments);
        _queue = new AppendQueue(options, clock, tail);
        _watermark = new DurableWatermark(tail.NextOffset, tail.PublishCount);
        _committer = new Committer(_queue, _segments, _watermark, _metrics, options, clock, log, tail, mark, flush);
        _metrics.Observe(this);
        _committer.Start();
    }

    /// <summary>The offset that the next record gets.</summary>
    public long TailOffset => _queue.TailOffset;

    /// <summary>Every record below is on the disk.</summary>
    public long DurableOffset => _watermark.Offset;

    /// <summary>The oldest record kept; equals <see cref="DurableOffset"/> when none is.</summary>
    public long FirstOffset => _segments.All is [Segment oldest, ..] ? oldest.FirstOffset : _watermark.Offset;

    /// <summary>
    /// <see cref="DurableOffset"/>, and how many of the records below it are of kind <see cref="RecordKind.Publish"/>, trimmed ones
    /// included: two figures of one moment.
    /// </summary>
    public (long DurableOffset, long PublishCount) DurablePublishes => _watermark.Publishes;

    /// <summary>Bytes that the segments take on the disk, preallocated ones included.</summary>
    public long KeptBytes => _segments.Bytes;

    /// <summary>Whether records are taken at present, and why not.</summary>
    public JournalState State => _queue.State;

    /// <summary>What broke, when <see cref="State"/> is <see cref="JournalState.Failed"/>; else null.</summary>
    public Exception? Failure => _queue.Failure;

    /// <summary>Opens a folder, recovers what it holds, and starts to take records.</summary>
    /// <param name="options">Validated here too.</param>
    /// <param name="clock">Stamps records and ages segments.</param>
    /// <param name="log">Gets one line about what was found.</param>
    /// <exception cref="JournalLockedException">Somebody else has the folder open.</exception>
    /// <exception cref="OptionsValidationException">The options contradict each other.</exception>
    /// <exception cref="NotSupportedException">Written in a format of another version.</exception>
    public static RecordJournal Open(JournalOptions options, IClock clock, ILogger<RecordJournal> log) =>
        Open(options, clock, log, RandomAccess.FlushToDisk);

    /// <param name="options">As above.</param>
    /// <param name="clock">As above.</param>
    /// <param name="log">As above.</param>
    /// <param name="flush">Stands in for the disk's flush where a slow or broken disk is wanted.</param>
    internal static RecordJournal Open(JournalOptions options, IClock clock, ILogger<RecordJournal> log, Action<SafeFileHandle> flush)
    {
        ValidateOptionsResult valid = new JournalOptionsValidator().Validate(null, options);
        if (valid.Failed)
            throw new OptionsValidationException(nameof(JournalOptions), typeof(JournalOptions), valid.Failures);

        Directory.CreateDirectory(options.Path);
        FolderLock folderLock = FolderLock.Take(options.Path);
        try
        {
            return new RecordJournal(options, clock, log, folderLock, flush);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Takes the append lock until the batch is disposed. One per read of a connection, not one per message.</summary>
    public RecordBatch BeginBatch() => new(_queue);

    /// <summary>Completes when the record at <paramref name="offset"/> is durable.</summary>
    /// <exception cref="JournalFailedException">It will never be.</exception>
    public ValueTask WaitForDurableAsync(long offset, CancellationToken cancellationToken) =>
        _watermark.WaitAsync(offset + 1, cancellationToken);

    /// <summary>Completes when <see cref="DurableOffset"/> is greater than <paramref name="durable"/>: there is something new to read or to acknowledge.</summary>
    /// <exception cref="JournalFailedException">It will never be.</exception>
    public ValueTask WaitForDurableBeyondAsync(long durable, CancellationToken cancellationToken) =>
        _watermark.WaitAsync(durable + 1, cancellationToken);

    /// <summary>Opens a reader of durable records.</summary>
    /// <param name="fromOffset">First record to read; the tail is allowed.</param>
    /// <exception cref="RecordsTrimmedException">The record is no longer kept.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Beyond the tail.</exception>
    public JournalReader OpenReader(long fromOffset)
    {
        ThrowIfBeyondTail(fromOffset);
        if (fromOffset < FirstOffset)
            throw new RecordsTrimmedException(fromOffset, FirstOffset);

        return new JournalReader(_segments, _watermark, fromOffset);
    }

    /// <summary>Reads one record by its offset, for the eyes of a person: opens and closes the file.</summary>
    /// <returns>False when it is trimmed or not durable yet.</returns>
    /// <exception cref="JournalCorruptException">Its bytes are damaged.</exception>
    public bool TryReadAt(long offset, [NotNullWhen(true)] out StoredRecord? record)
    {
        record = null;
        if (offset < FirstOffset || offset >= DurableOffset)
            return false;

        try
        {
            using var reader = new JournalReader(_segments, _watermark, offset, SingleReadBytes);
            if (!reader.TryRead(out JournalRecord found))
                return false;

            record = new StoredRecord(found.Offset, found.Kind, found.ReceivedAt, found.Header.ToArray(), found.Payload.ToArray());
            return true;
        }
        catch (RecordsTrimmedException)
        {
            return false;
        }
    }

    /// <summary>Reads records here and there with one reader: for whoever keeps offsets instead of payloads, some tens of them at a time.</summary>
    /// <remarks>Allocates a reader and opens each segment once, whatever the count; 64 KiB are buffered, from a pool.</remarks>
    /// <param name="ascendingOffsets">What to read, each offset greater than the one before.</param>
    /// <param name="visitor">Gets each of them once, in their order, found or not.</param>
    /// <returns>How many were found.</returns>
    public int ReadAt<TVisitor>(ReadOnlySpan<long> ascendingOffsets, ref TVisitor visitor)
        where TVisitor : IRecordVisitor, allows ref struct
    {
        using var reader = new JournalReader(_segments, _watermark, ascendingOffsets is [long first, ..] ? first : 0, SingleReadBytes);
        int found = 0;
        for (int i = 0; i < ascendingOffsets.Length; i++)
        {
            RecordAbsence? absence = reader.Find(ascendingOffsets[i], out JournalRecord record);
            if (absence is { } why)
            {
                visitor.NotFound(i, ascendingOffsets[i], why);
                continue;
            }

            visitor.Found(i, record);
            found++;
        }

        return found;
    }

    /// <summary>Counts the publishes accepted before an offset, trimmed ones included: how far a consumer is behind in messages, not in records.</summary>
    /// <returns>False when nothing at that offset can be read, or its segment's format does not say.</returns>
    public bool TryCountPublishesBefore(long offset, out long count)
    {
        (long durable, count) = DurablePublishes;
        if (offset == durable)
            return true;

        using var reader = new JournalReader(_segments, _watermark, offset, SingleReadBytes);
        bool found = reader.Find(offset, out JournalRecord record) is null;
        count = found ? record.PublishesBefore : -1;
        return count >= 0;
    }

    /// <summary>Says how far a consumer has come. Segments may be trimmed only when every cursor has passed them.</summary>
    /// <remarks>
    /// Kept in memory only: a consumer keeps its own durable cursor, and says it here before appends start. Without any cursor
    /// everything may be trimmed.
    /// </remarks>
    /// <param name="consumer">Stable name.</param>
    /// <param name="nextOffset">First record it has not durably consumed.</param>
    /// <exception cref="ArgumentOutOfRangeException">Beyond the tail: the journal is older than what the consumer remembers.</exception>
    public void SetCursor(string consumer, long nextOffset)
    {
        ThrowIfBeyondTail(nextOffset);
        _segments.SetCursor(consumer, nextOffset);
        if (_queue.State == JournalState.OverBudget && _segments.CanDropOldest)
            _queue.Retry();
    }

    /// <summary>Flushes what was appended, then closes. Open readers can read on.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _committer.Ended;
        _metrics.Dispose();
        _lock.Dispose();
    }

    private void ThrowIfBeyondTail(long offset)
    {
        if (offset > TailOffset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"The journal's tail is {TailOffset}. Whoever knows a later offset remembers another journal, or one that has lost records since.");
        }
    }
}
