using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>The same sentence in both languages.</summary>
public sealed record LocalizedText(string Vi, string En);

/// <summary>An alarm as API and hub show it.</summary>
/// <param name="Metric">Name of the metric; null for a rule over the device's state.</param>
/// <param name="Value">The newest value at a change: number, true/false or word.</param>
/// <param name="RaisedValue">The value that raised it.</param>
/// <param name="Version">Goes back with an acknowledgement.</param>
public sealed record AlarmView(
    long Id,
    string Rule,
    string Device,
    string DeviceName,
    string? Area,
    string? AreaName,
    IReadOnlyList<string> Zones,
    string? Metric,
    string? Channel,
    int Priority,
    string State,
    Instant RaisedAt,
    Instant? AcknowledgedAt,
    string? AcknowledgedBy,
    string? Comment,
    Instant? ReturnedAt,
    object? Value,
    object? RaisedValue,
    object? Limit,
    string Condition,
    string? Unit,
    LocalizedText Message,
    int Count,
    int Version);

/// <summary>Puts alarm, device and metric together.</summary>
internal sealed class AlarmViews(DeviceRegistry registry, MetricCatalogue metrics)
{
    public AlarmView Of(Alarm alarm)
    {
        // Device and metric may have gone from seeds and catalogue since; the alarm stays readable.
        registry.TryFind(alarm.Device, out Device? device);
        Metric? metric = null;
        if (alarm.Metric is not null)
            metrics.TryFind(alarm.Metric, out metric);

        return new AlarmView(
            alarm.Id,
            alarm.RuleId,
            alarm.Device,
            device?.Name ?? alarm.Device,
            device?.Area,
            device?.AreaName,
            device?.Zones ?? [],
            alarm.Metric,
            alarm.Channel.Length == 0 ? null : alarm.Channel,
            alarm.Priority,
            Words.Of(alarm.State),
            alarm.RaisedAt,
            alarm.AcknowledgedAt,
            alarm.AcknowledgedBy,
            alarm.Comment,
            alarm.ReturnedAt,
            ValueOf(metric, alarm.Value),
            ValueOf(metric, alarm.RaisedValue),
            ValueOf(metric, alarm.Limit),
            alarm.Condition,
            metric?.Unit,
            new LocalizedText(alarm.MessageVi, alarm.MessageEn),
            alarm.Count,
            alarm.Version);
    }

    private static object? ValueOf(Metric? metric, double? value) =>
        value is { } number ? metric is null ? number : DeviceViews.ValueOf(metric, number) : null;
}
