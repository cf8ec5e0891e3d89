using System.Reflection;
using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.Live;

/// <summary>The city as the live view shows it: registry, twins and open alarms put together.</summary>
internal sealed class LiveScene(
    DeviceRegistry registry,
    TwinStore twins,
    AlarmEngine alarms,
    MetricCatalogue metrics,
    DeviceViews deviceViews,
    AlarmViews alarmViews,
    Headlines headlines,
    Places places,
    IClock clock)
{
    private static readonly string Build =
        typeof(LiveScene).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Server time in Unix milliseconds.</summary>
    public long Now => clock.GetCurrentInstant().ToUnixTimeMilliseconds();

    /// <summary>Rises with every change of any twin.</summary>
    public long Version => twins.Version;

    public LiveSnapshot Snapshot(LiveScope scope, long seq)
    {
        Dictionary<string, int> priorities = Priorities();
        return new LiveSnapshot(
            seq,
            Now,
            Build,
            places.ProvinceName,
            places.Zones,
            Families.All,
            metrics.All.ToDictionary(metric => metric.Name, metric => new LiveMetric(metric.Unit, Words.Of(metric.Type), metric.Words, metric.NameVi, metric.NameEn)),
            [.. registry.All.Where(device => device.IsLive && scope.Holds(device)).Select(device => Of(device, priorities))],
            [.. alarms.Open.Select(alarm => View(alarm, scope)).OfType<AlarmView>()]);
    }

    /// <summary>An alarm as the scope's client sees it; null when it is not in the scope.</summary>
    public AlarmView? View(Alarm alarm, LiveScope scope) =>
        !registry.TryFind(alarm.Device, out Device? device) || scope.Holds(device) ? alarmViews.Of(alarm) : null;

    /// <summary>Which devices changed after a version, and the version up to which that is all.</summary>
    public long ChangesSince(long version, List<DeviceId> changed) => twins.ReadChangesSince(version, changed);

    /// <summary>The moving part of some devices, as far as they are in the scope.</summary>
    public List<LiveChange> Changes(LiveScope scope, List<DeviceId> changed)
    {
        var changes = new List<LiveChange>(changed.Count);
        Dictionary<string, int> priorities = Priorities();
        foreach (DeviceId id in changed)
        {
            Device device = registry[id];
            if (!device.IsLive || !scope.Holds(device))
                continue;

            LiveDevice now = Of(device, priorities);
            changes.Add(new LiveChange(now.H, now.State, now.LastSeen, now.Value, now.At, now.Quality, now.Priority));
        }

        return changes;
    }

    /// <summary>The device of an alarm, when it is still registered.</summary>
    public DeviceId DeviceOf(Alarm alarm) => registry.TryFind(alarm.Device, out Device? device) ? device.Id : DeviceId.None;

    private LiveDevice Of(Device device, Dictionary<string, int> priorities)
    {
        (TwinStatus status, LatestReading? latest) = headlines.Read(device);
        Metric? metric = latest is { } reading ? metrics[reading.Metric] : null;
        return new LiveDevice(
            device.Id.Value,
            device.ApiId,
            device.Key,
            device.Name,
            device.Family,
            device.Profile,
            device.Area,
            device.AreaName,
            device.Zones,
            device.Position?.Latitude,
            device.Position?.Longitude,
            (long)device.Period.TotalMilliseconds,
            Words.Of(status.State),
            status.LastSeen?.ToUnixTimeMilliseconds(),
            metric?.Name,
            latest is null ? null : deviceViews.NameOf(latest.Value.Channel),
            metric is null ? null : DeviceViews.ValueOf(metric, latest!.Value.Value),
            latest?.MeasuredAt.ToUnixTimeMilliseconds(),
            latest is null ? [] : Words.Of(latest.Value.Quality),
            priorities.GetValueOrDefault(device.ApiId));
    }

    // The most urgent active alarm per device: 1 is the most urgent, a device without one is absent.
    private Dictionary<string, int> Priorities()
    {
        var priorities = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Alarm alarm in alarms.Open)
        {
            if (alarm.State != AlarmState.ReturnedUnacknowledged && (!priorities.TryGetValue(alarm.Device, out int known) || alarm.Priority < known))
                priorities[alarm.Device] = alarm.Priority;
        }

        return priorities;
    }
}
