using System.Buffers;
using Ioc.Broker;
using Ioc.Journal;

namespace Ioc.Server.Pipeline;

/// <summary>Where the broker's publishes and session events go: into the journal, and nowhere else before.</summary>
internal sealed class JournalPublishHandler(RecordJournal journal) : IPublishHandler
{
    // Touched only between BeginBatch and EndBatch, while the journal's append lock is held.
    private RecordBatch _batch;

    public long DurablePosition => journal.DurableOffset;

    public long NextPosition => journal.TailOffset;

    public void BeginBatch() => _batch = journal.BeginBatch();

    public void EndBatch()
    {
        RecordBatch batch = _batch;
        _batch = default;
        batch.Dispose();
    }

    public AcceptOutcome TryAccept(ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long position) =>
        ToAccept(_batch.TryAppend(RecordKind.Publish, header, payload, out position));

    public AcceptOutcome TryAcceptEvent(ReadOnlySpan<byte> sessionEvent, out long position) =>
        ToAccept(_batch.TryAppend(RecordKind.Session, sessionEvent, default, out position));

    public ValueTask WaitForDurableAsync(long position, CancellationToken ct) => journal.WaitForDurableAsync(position, ct);

    public void Read(ReadOnlySpan<long> positions, IKeptMessageVisitor visitor)
    {
        var found = new Found(visitor);
        journal.ReadAt(positions, ref found);
    }

    private static AcceptOutcome ToAccept(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Appended => AcceptOutcome.Accepted,
        AppendOutcome.OverBudget or AppendOutcome.TooLarge => AcceptOutcome.QuotaExceeded,
        _ => AcceptOutcome.Unavailable,
    };

    private readonly struct Found(IKeptMessageVisitor visitor) : IRecordVisitor
    {
        void IRecordVisitor.Found(int index, in JournalRecord record)
        {
            if (record.Kind == RecordKind.Publish)
                visitor.Visit(index, record.ReceivedAt.ToUnixTimeMilliseconds(), record.Header, record.Payload);
        }

        // The visitor knows what it asked for: what it is not shown is not kept any more.
        void IRecordVisitor.NotFound(int index, long offset, RecordAbsence why)
        {
        }
    }
}
