using Ioc.Broker;
using Ioc.Devices.Readings;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using NodaTime;

namespace Ioc.Server.Pipeline;

/// <summary>Reads the journal from an offset on and decodes what it reads. One thread at a time.</summary>
/// <remarks>Records that the disk has damaged are set aside as such, as many as were messages, so that the balance still closes.</remarks>
internal sealed class JournalDecoder : IDisposable
{
    private readonly RecordJournal _journal;
    private readonly IDecoderSource _decoders;
    private readonly int _batchMessages;
    private readonly ILogger _log;
    private readonly RebirthWishes? _wishes;
    private JournalReader _reader;
    private MessageDecoder _decoder;
    private Instant _lastReceivedAt;

    // Damaged offsets not handed out yet: from the next offset to be handed out up to here.
    private long _damagedUntil;

    // How many of them were messages; the others were session events, whose loss the balance does not know.
    private long _damagedPublishes;

    /// <summary>Makes a reader.</summary>
    /// <param name="journal">What it reads.</param>
    /// <param name="fromOffset">From where on.</param>
    /// <param name="decoders">Which profiles hold where.</param>
    /// <param name="batchMessages">Most messages of one batch.</param>
    /// <param name="log">Told of damage.</param>
    /// <param name="wishes">Set for the reader of live messages only.</param>
    public JournalDecoder(RecordJournal journal, long fromOffset, IDecoderSource decoders, int batchMessages, ILogger log, RebirthWishes? wishes = null)
    {
        _journal = journal;
        _decoders = decoders;
        _batchMessages = batchMessages;
        _log = log;
        _wishes = wishes;

        // A consumer without a cursor of its own (the twins) may have been left behind by trimming; what is gone is gone.
        long from = Math.Max(fromOffset, journal.FirstOffset);
        _reader = journal.OpenReader(from);
        _decoder = decoders.At(from);
    }

    /// <summary>Fills a batch with what is durable and not read yet, up to <paramref name="until"/>.</summary>
    /// <returns>False when there is nothing to read now.</returns>
    public bool TryFill(ReadingBatch batch, long from, long until)
    {
        batch.Clear(from);
        int records = 0;
        while (records < _batchMessages && batch.NextOffset < until && TryReadOne(batch))
            records++;

        return records > 0;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>A journaled publish as decoders see it. A view, dead with the record.</summary>
    public static RawMessage MessageOf(in JournalRecord record, in PublishHeader header) =>
        new()
        {
            Offset = record.Offset,
            ReceivedAt = record.ReceivedAt,
            Source = header.Source.IsEmpty ? "default"u8 : header.Source,
            Topic = header.Topic,
            Payload = record.Payload,
            // [MQTT-3.3.1-5] RETAIN from a publisher asks us to keep the message; only a broker's delivery with it set may be old.
            RetainedDelivery = header.RetainedDelivery,
        };

    private bool TryReadOne(ReadingBatch batch)
    {
        if (batch.NextOffset < _damagedUntil)
        {
            SetAsideDamaged(batch);
            return true;
        }

        try
        {
            if (!_reader.TryRead(out JournalRecord record))
                return false;

            Decode(record, batch);
            batch.NextOffset = record.Offset + 1;
            _lastReceivedAt = record.ReceivedAt;
            return true;
        }
        catch (JournalCorruptException damage)
        {
            JournalDecoderLog.Damaged(_log, damage.Offset, damage.ResumeOffset, damage);
            (_damagedUntil, _damagedPublishes) = (damage.ResumeOffset, damage.LostPublishCount);
            _reader.Dispose();
            _reader = _journal.OpenReader(damage.ResumeOffset);
            return TryReadOne(batch);
        }
    }

    // Which of the damaged records were messages cannot be read any more: the first ones stand for them.
    private void SetAsideDamaged(ReadingBatch batch)
    {
        if (_damagedPublishes-- > 0)
            batch.Rollback(batch.NextOffset, _lastReceivedAt, DeviceId.None, QuarantineReason.JournalDamaged, "journal: bytes damaged on disk", batch.ReadingCount);
        else
            batch.NextOffset++;
    }

    private void Decode(in JournalRecord record, ReadingBatch batch)
    {
        if (record.Kind == RecordKind.Profiles)
            _decoder = _decoders.Of(record.Header);
        if (record.Kind != RecordKind.Publish)
            return;

        if (!PublishHeader.TryRead(record.Header, out PublishHeader header))
        {
            batch.Rollback(record.Offset, record.ReceivedAt, DeviceId.None, QuarantineReason.Malformed, "journal header", batch.ReadingCount);
            return;
        }

        // A node behind another broker does not hear what is published at this one.
        _decoder.Wishes = header.Upstream ? null : _wishes;
        _decoder.Decode(MessageOf(record, header), batch);
    }
}

internal static partial class JournalDecoderLog
{
    [LoggerMessage(9040, LogLevel.Critical, "The disk has damaged the journal: records from {Offset} up to {ResumeOffset} are set aside as journalDamaged")]
    public static partial void Damaged(ILogger log, long offset, long resumeOffset, Exception exception);
}
