using System.Diagnostics.Metrics;

namespace Ioc.Journal;

/// <summary>The journal's instruments. Counted per group, never per record.</summary>
internal sealed class JournalMetrics : IDisposable
{
    private readonly Meter _meter = new("Ioc.Journal");
    private readonly Counter<long> _appended;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _flush;

    public JournalMetrics()
    {
        _appended = _meter.CreateCounter<long>("ioc.journal.appended", "{record}", "Records made durable.");
        _bytes = _meter.CreateCounter<long>("ioc.journal.bytes", "By", "Bytes made durable, prefixes included.");
        _flush = _meter.CreateHistogram<double>("ioc.journal.flush.duration", "s", "Writing and flushing one group.");
    }

    public void Observe(RecordJournal journal)
    {
        _meter.CreateObservableGauge("ioc.journal.tail", () => journal.TailOffset, "{record}", "The offset that the next record gets.");
        _meter.CreateObservableGauge("ioc.journal.durable", () => journal.DurableOffset, "{record}", "Every record below is on the disk.");
        _meter.CreateObservableGauge("ioc.journal.kept", () => journal.KeptBytes, "By", "Bytes of all segments.");
    }

    public void Committed(int records, int bytes, TimeSpan took)
    {
        _appended.Add(records);
        _bytes.Add(bytes);
        _flush.Record(took.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
