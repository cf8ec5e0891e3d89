using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;

namespace Ioc.Server.Live;

/// <summary>The one value by which a device of a family is known on map and list.</summary>
internal sealed class Headlines
{
    // In order of preference: firmware differs, and the first that a device has is shown.
    private static readonly Dictionary<string, string[]> Preferred = new(StringComparer.Ordinal)
    {
        [Families.Traffic] = ["vehicle_count_period", "objects_left_to_right_period"],
        [Families.Air] = ["pm2_5", "pm10", "co2"],
        [Families.WaterLevel] = ["water_level", "water_distance"],
        [Families.Rain] = ["rain_rate"],
        [Families.Electricity] = ["active_power", "active_energy_import"],
        [Families.Water] = ["water_volume"],
        [Families.OneStop] = ["people_waiting", "camera_online"],
        [Families.Lighting] = ["active_power", "relay_state"],
    };

    private readonly Dictionary<string, Metric[]> _byFamily;
    private readonly TwinStore _twins;

    public Headlines(MetricCatalogue metrics, TwinStore twins)
    {
        _twins = twins;
        _byFamily = Preferred.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.Select(name => metrics.TryFind(name, out Metric? metric) ? metric : null).OfType<Metric>().ToArray(),
            StringComparer.Ordinal);
    }

    /// <summary>Status and headline value of a device; no value when it has sent none of its family's.</summary>
    public (TwinStatus Status, LatestReading? Latest) Read(Device device)
    {
        TwinStatus status = default;
        foreach (Metric metric in _byFamily.GetValueOrDefault(device.Family, []))
        {
            (status, bool found) = _twins.ReadHeadline(device.Id, metric.Id, out LatestReading latest);
            if (found)
                return (status, latest);
        }

        return (_twins.ReadStatus(device.Id), null);
    }
}
