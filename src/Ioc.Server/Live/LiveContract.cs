using Ioc.Server.Api;

namespace Ioc.Server.Live;

// The wire types of the hub, mirrored in src/Ioc.Dashboard/live/contract.ts; a test compares the two, name by name.
// Times are Unix milliseconds: the dashboard keeps them in typed arrays.

/// <summary>What a client asks to see; empty means all.</summary>
/// <param name="Zone">Id of an operating zone, or null for the province.</param>
/// <param name="Families">Device families; empty for all.</param>
/// <param name="Viewport">Reserved: west, south, east, north in degrees. Null for all.</param>
public sealed record JoinRequest(string? Zone, IReadOnlyList<string>? Families, IReadOnlyList<double>? Viewport);

/// <summary>Everything in scope at one moment; the first message after a join.</summary>
public sealed record LiveSnapshot(
    long Seq,
    long ServerTime,
    string Build,
    string Province,
    IReadOnlyList<LiveZone> Zones,
    IReadOnlyList<string> Families,
    IReadOnlyDictionary<string, LiveMetric> Metrics,
    IReadOnlyList<LiveDevice> Devices,
    IReadOnlyList<AlarmView> Alarms);

/// <summary>An operating zone.</summary>
public sealed record LiveZone(string Id, string Name);

/// <summary>What the dashboard must know of a metric to show a value.</summary>
public sealed record LiveMetric(string Unit, string Type, IReadOnlyList<string> Words, string Vi, string En);

/// <summary>A device with the value its family is known by.</summary>
/// <param name="H">Dense handle, valid for this connection's snapshot.</param>
/// <param name="PeriodMs">Expected time between messages; ages are judged by it.</param>
/// <param name="Value">Number, true/false, or a word; null for none.</param>
/// <param name="Priority">Of its highest open alarm, 1 to 4; 0 for none.</param>
public sealed record LiveDevice(
    int H,
    string Id,
    string Key,
    string Name,
    string Family,
    string? Profile,
    string? Area,
    string? AreaName,
    IReadOnlyList<string> Zones,
    double? Lat,
    double? Lon,
    long PeriodMs,
    string State,
    long? LastSeen,
    string? Metric,
    string? Channel,
    object? Value,
    long? At,
    IReadOnlyList<string> Quality,
    int Priority);

/// <summary>What changed since the last frame to this client; latest wins.</summary>
public sealed record LiveChanges(long Seq, long ServerTime, IReadOnlyList<LiveChange> Devices);

/// <summary>The moving part of a <see cref="LiveDevice"/>.</summary>
public sealed record LiveChange(int H, string State, long? LastSeen, object? Value, long? At, IReadOnlyList<string> Quality, int Priority);

/// <summary>An alarm has changed.</summary>
public sealed record LiveAlarm(long Seq, long ServerTime, AlarmView Alarm);

/// <summary>Every two seconds: the link lives, and this is the server's time.</summary>
public sealed record LiveBeat(long Seq, long ServerTime);
