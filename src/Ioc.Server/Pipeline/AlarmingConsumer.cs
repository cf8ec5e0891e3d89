using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Readings;

namespace Ioc.Server.Pipeline;

/// <summary>The alarms' side of the pipeline: devices that have just appeared are kept first, then their readings are judged.</summary>
/// <remarks>In this order, because a restart ends an open alarm whose device nobody knows any more.</remarks>
internal sealed class AlarmingConsumer(AlarmEngine alarms, FirstContacts contacts) : IReadingConsumer
{
    public string Name => alarms.Name;

    public long NextOffset => alarms.NextOffset;

    public async ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
    {
        await contacts.SaveAsync(stopping);
        await alarms.ConsumeAsync(batch, stopping);
    }
}
