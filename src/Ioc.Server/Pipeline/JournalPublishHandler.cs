using System.Buffers;
using Ioc.Broker;
using Ioc.Journal;

namespace Ioc.Server.Pipeline;

/// <summary>Where the broker's publishes go: into the journal, and nowhere else before.</summary>
internal sealed class JournalPublishHandler(RecordJournal journal) : IPublishHandler
{
    // Touched only between BeginBatch and EndBatch, while the journal's append lock is held.
    private RecordBatch _batch;

    public long DurablePosition => journal.DurableOffset;

    public void BeginBatch() => _batch = journal.BeginBatch();

    public void EndBatch()
    {
        RecordBatch batch = _batch;
        _batch = default;
        batch.Dispose();
    }

    public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position) =>
        _batch.TryAppend(RecordKind.Publish, header, payload, out position) switch
        {
            AppendOutcome.Appended => AcceptOutcome.Accepted,
            AppendOutcome.OverBudget or AppendOutcome.TooLarge => AcceptOutcome.QuotaExceeded,
            _ => AcceptOutcome.Unavailable,
        };

    public ValueTask WaitForDurableAsync(long position, CancellationToken ct) => journal.WaitForDurableAsync(position, ct);
}
