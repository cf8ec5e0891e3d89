using System.Buffers;
using Ioc.Journal.Segments;

namespace Ioc.Journal;

/// <summary>A run of appends under one hold of the append lock, as one read of a connection gives them.</summary>
/// <remarks>
/// Begin it, append, dispose it once, on one thread and without awaiting: everybody else who appends waits meanwhile. All records of
/// a batch are stamped with the time of its beginning plus a microsecond each. Nothing is undone by disposing.
/// </remarks>
public struct RecordBatch : IDisposable
{
    private AppendQueue? _queue;

    internal RecordBatch(AppendQueue queue)
    {
        _queue = queue;
        queue.Enter();
    }

    /// <summary>Copies one record into the journal's buffer.</summary>
    /// <remarks>
    /// When the buffer is full the call waits for the disk, at most <see cref="JournalOptions.StallLimitMs"/>, and so do all who
    /// append; memory is bounded so.
    /// </remarks>
    /// <param name="kind">What it is.</param>
    /// <param name="header">Opaque bytes, kept as they are; may be empty.</param>
    /// <param name="payload">Opaque bytes, kept as they are; may be empty.</param>
    /// <param name="offset">The record's offset when taken, else −1.</param>
    public readonly AppendOutcome TryAppend(RecordKind kind, ReadOnlySpan<byte> header, in ReadOnlySequence<byte> payload, out long offset)
    {
        ObjectDisposedException.ThrowIf(_queue is null, typeof(RecordBatch));
        return _queue.TryAppend(kind, header, payload, out offset);
    }

    /// <summary>Lets others append, and lets the flush begin.</summary>
    public void Dispose()
    {
        _queue?.Exit();
        _queue = null;
    }
}
