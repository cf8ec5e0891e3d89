using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ioc.SystemTests.Storage;

/// <summary>The same devices with a second metric: one that a foreign client has written before as text.</summary>
internal sealed class TwoMetricWorld(StoreWorld world)
{
    public InfluxReadingStore Open(OperationalDatabase database)
    {
        Metric power = world.Metrics[StoreWorld.Power];
        var metrics = new MetricCatalogue([power, power with { Id = new MetricId(2), Name = "voltage" }]);
        return new InfluxReadingStore(
            world.Options, new ProgressLedger(database), world.Registry, metrics, world.Channels, TimeProvider.System, NullLogger<InfluxReadingStore>.Instance);
    }
}
