using Ioc.Broker;
using Ioc.Devices.Readings;
using Ioc.Journal;
using Ioc.Profiles;

namespace Ioc.Server.Pipeline;

/// <summary>Reads the journal from an offset on and decodes what it reads. One thread at a time.</summary>
internal sealed class JournalDecoder(JournalReader reader, MessageDecoder decoder, int batchMessages) : IDisposable
{
    /// <summary>Fills a batch with what is durable and not read yet, up to <paramref name="until"/>.</summary>
    /// <returns>False when there is nothing to read now.</returns>
    public bool TryFill(ReadingBatch batch, long from, long until)
    {
        batch.Clear(from);
        int records = 0;
        while (records < batchMessages && batch.NextOffset < until && reader.TryRead(out JournalRecord record))
        {
            records++;
            Decode(record, batch);
            batch.NextOffset = record.Offset + 1;
        }

        return records > 0;
    }

    public void Dispose() => reader.Dispose();

    private void Decode(in JournalRecord record, ReadingBatch batch)
    {
        if (record.Kind != RecordKind.Publish)
            return;

        if (!PublishHeader.TryRead(record.Header, out PublishHeader header))
        {
            batch.Rollback(record.Offset, record.ReceivedAt, DeviceId.None, QuarantineReason.Malformed, "journal header", batch.ReadingCount);
            return;
        }

        var message = new RawMessage
        {
            Offset = record.Offset,
            ReceivedAt = record.ReceivedAt,
            Source = "default"u8,
            Topic = header.Topic,
            Payload = record.Payload,
            // A publish to us as the broker is fresh even with RETAIN set (decision 6 of the architecture).
            RetainedDelivery = false,
        };
        decoder.Decode(message, batch);
    }
}
