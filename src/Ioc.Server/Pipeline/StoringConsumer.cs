using Ioc.Devices.Attributes;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage;
using Ioc.Storage.Operational;

namespace Ioc.Server.Pipeline;

/// <summary>The store's side of the pipeline: facts about devices are saved and what was set aside is indexed first, then the batch is stored and counted.</summary>
/// <remarks>In this order, because the store's cursor passes a message only once; a fact saved or an entry indexed twice is one.</remarks>
internal sealed class StoringConsumer(IReadingStore store, QuarantineIndex quarantine, AttributeBook attributes, DeviceRegistry registry) : IReadingConsumer
{
    private readonly List<QuarantineEntry> _entries = [];

    public string Name => store.Name;

    public long NextOffset => store.NextOffset;

    public async ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
    {
        attributes.Take(batch);
        await attributes.SaveAsync(stopping);
        CollectQuarantined(batch);
        if (_entries.Count > 0)
            await quarantine.AddAsync(_entries, stopping);

        await store.ConsumeAsync(batch, stopping);
    }

    private void CollectQuarantined(ReadingBatch batch)
    {
        _entries.Clear();
        foreach (ref readonly BatchMessage message in batch.Messages)
        {
            if (message.Outcome != MessageOutcome.Quarantined || message.Offset < NextOffset)
                continue;

            // The topic is not copied here: the journal has it under the offset.
            string? device = message.Device == DeviceId.None ? null : registry[message.Device].ApiId;
            _entries.Add(new QuarantineEntry(message.Offset, message.ReceivedAt, device, null, message.Reason, message.Detail ?? ""));
        }
    }
}
