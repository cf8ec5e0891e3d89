using Ioc.Alarms;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>The same sentence in both languages.</summary>
public sealed record LocalizedText(string Vi, string En);

/// <summary>An alarm as API and hub show it.</summary>
/// <param name="Value">The newest value that was judged.</param>
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
    string Metric,
    string? Channel,
    int Priority,
    string State,
    Instant RaisedAt,
    Instant? AcknowledgedAt,
    string? AcknowledgedBy,
    string? Comment,
    Instant? ReturnedAt,
    double Value,
    double RaisedValue,
    double Limit,
    string Condition,
    string Unit,
    LocalizedText Message,
    int Count,
    int Version);
