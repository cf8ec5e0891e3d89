using System.Diagnostics.Metrics;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Ioc.Storage;

namespace Ioc.Server.Pipeline;

/// <summary>What the middle rooms count but have no reason to publish themselves, as instruments of the meter <c>Ioc.Server</c>.</summary>
internal sealed class PipelineMeters : IDisposable
{
    private readonly Meter _meter;

    public PipelineMeters(
        IMeterFactory meters,
        RecordJournal journal,
        IEnumerable<IReadingConsumer> consumers,
        IReadingStore store,
        TwinStore twins,
        AlarmEngine alarms,
        DeviceRegistry registry)
    {
        _meter = meters.Create("Ioc.Server");
        IReadingConsumer[] all = [.. consumers];
        _meter.CreateObservableGauge(
            "ioc.pipeline.lag",
            () => all.Select(consumer => new Measurement<long>(journal.DurableOffset - consumer.NextOffset, new KeyValuePair<string, object?>("consumer", consumer.Name))),
            "{record}",
            "Durable records that a consumer has not taken yet.");
        _meter.CreateObservableGauge("ioc.store.fault", () => store.Fault is null ? 0 : 1, null, "1 while the store cannot write.");
        _meter.CreateObservableGauge("ioc.devices.known", () => registry.Count, "{device}", "Devices known, unclaimed ones included.");
        _meter.CreateObservableCounter("ioc.devices.rejected", () => registry.RejectedCount, "{message}", "First contacts turned away.");
        _meter.CreateObservableCounter("ioc.twins.dropped", () => twins.DroppedCount, "{reading}", "Readings not kept as latest because their device has too many series.");
        _meter.CreateObservableGauge("ioc.alarms.open", () => alarms.Open.Count, "{alarm}", "Open alarms.");
        _meter.CreateObservableCounter("ioc.alarms.refused", () => alarms.RefusedCount, "{alarm}", "Alarms not raised because too many are open.");
        _meter.CreateObservableCounter("ioc.alarms.unwatched", () => alarms.UnwatchedCount, "{reading}", "Readings not judged because too many series are watched.");
    }

    public void Dispose() => _meter.Dispose();
}
