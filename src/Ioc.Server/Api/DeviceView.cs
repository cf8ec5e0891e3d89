using System.Globalization;
using Ioc.Devices.Attributes;
using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>A place on the earth, WGS84 degrees.</summary>
public sealed record PositionView(double Lat, double Lon);

/// <summary>The newest value of one series.</summary>
/// <param name="Metric">Name in the catalogue.</param>
/// <param name="Channel">Which of several; null where there is one.</param>
/// <param name="Value">Number, true/false, or a word of the metric.</param>
/// <param name="Unit">UCUM code.</param>
/// <param name="At">When it was measured.</param>
/// <param name="Quality">Doubts; empty for a good value.</param>
/// <param name="Semantics">gauge, counter, delta, state or event: what the profile says, else the metric's own way.</param>
/// <param name="Delta">What a counter counted since its reading before; null when that is not known.</param>
/// <param name="CounterEvent">wrapped, restarted or exchanged since its reading before; null when it just counted on.</param>
/// <param name="CounterReset">Since when a counter counts, as far as known.</param>
public sealed record LatestView(
    string Metric,
    string? Channel,
    object? Value,
    string Unit,
    Instant At,
    IReadOnlyList<string> Quality,
    string Semantics,
    double? Delta,
    string? CounterEvent,
    Instant? CounterReset);

/// <summary>A fact about a device, besides its readings.</summary>
/// <param name="Name">What it is called: <c>firmware</c>.</param>
/// <param name="Value">Text, number or true/false.</param>
/// <param name="Since">When it was first told with this value.</param>
/// <param name="SeenAt">When it was last told, to the hour.</param>
public sealed record AttributeView(string Name, object Value, Instant Since, Instant SeenAt);

/// <summary>A device as the API shows it.</summary>
/// <param name="Standing">inService, unclaimed, rejected or retired.</param>
/// <param name="RefusedFrom">Since when what it sends is set aside.</param>
/// <param name="Note">Why it was retired or rejected.</param>
/// <param name="Version">Goes back with a change.</param>
public sealed record DeviceView(
    string Id,
    string Source,
    string Key,
    string Name,
    string Family,
    string? Profile,
    string? Area,
    string? AreaName,
    IReadOnlyList<string> Zones,
    PositionView? Position,
    string State,
    Instant? LastSeen,
    bool Claimed,
    double PeriodSeconds,
    string? Parent,
    string? Site,
    IReadOnlyDictionary<string, string> Parameters,
    string TimeZone,
    string Standing,
    Instant? FirstSeen,
    Instant? RefusedFrom,
    string? Note,
    string? Replaces,
    string? ReplacedBy,
    int Version,
    IReadOnlyList<LatestView> Latest,
    IReadOnlyList<AttributeView> Attributes);

/// <summary>Puts registry, twin and catalogue together.</summary>
internal sealed class DeviceViews(TwinStore twins, AttributeBook attributes, MetricCatalogue metrics, ChannelTable channels)
{
    public DeviceView Of(Device device)
    {
        TwinView twin = twins.Read(device.Id);
        return new DeviceView(
            device.ApiId,
            device.Source,
            device.Key,
            device.Name,
            device.Family,
            device.Profile,
            device.Area,
            device.AreaName,
            device.Zones,
            device.Position is { } position ? new PositionView(position.Latitude, position.Longitude) : null,
            Words.Of(twin.Status.State),
            twin.Status.LastSeen,
            device.Claimed,
            device.Period.TotalSeconds,
            device.Parent,
            device.Site,
            device.Parameters,
            device.TimeZone.Id,
            Words.Of(device.Standing),
            device.FirstSeen,
            device.RefusedFrom,
            device.Note,
            device.Replaces,
            device.ReplacedBy,
            device.Version,
            [.. twin.Latest.Select(Of)],
            [.. attributes.Read(device.Id).Select(fact => new AttributeView(fact.Name, ValueOf(fact.Kind, fact.Value), fact.Since, fact.SeenAt))]);
    }

    /// <summary>A fact as JSON says it.</summary>
    public static object ValueOf(AttributeKind kind, string value) => kind switch
    {
        AttributeKind.Number when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        AttributeKind.Boolean => value == "true",
        _ => value,
    };

    /// <summary>A value as people read it: booleans as such, states as their word.</summary>
    public static object? ValueOf(Metric metric, double value) => metric.Type switch
    {
        MetricType.Boolean => value != 0,
        MetricType.Word => value >= 0 && value < metric.Words.Count ? metric.Words[(int)value] : value,
        MetricType.Position => GeoPoint.FromNumber(value).ToText(),
        _ => Plain(value),
    };

    /// <summary>A number without the noise that binary fractions gather in unit conversions: 29, not 28.999999999999996.</summary>
    /// <remarks>Twelve significant digits: more than any instrument has, fewer than the noise reaches.</remarks>
    public static double Plain(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;

        int decimals = 11 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return decimals is >= 0 and <= 15 ? Math.Round(value, decimals) : value;
    }

    /// <summary>A channel as the API shows it: null where there is only one.</summary>
    public string? NameOf(ChannelId channel) => channel == ChannelId.None ? null : channels.NameOf(channel);

    private LatestView Of(LatestReading reading)
    {
        Metric metric = metrics[reading.Metric];
        return new LatestView(
            metric.Name, NameOf(reading.Channel), ValueOf(metric, reading.Value), metric.Unit, reading.MeasuredAt, Words.Of(reading.Quality),
            Words.Of(reading.Kind),
            reading.Counter.Delta is { } delta ? Plain(delta) : null,
            reading.Counter.Event == CounterEvent.None ? null : Words.Of(reading.Counter.Event),
            reading.Counter.ResetAt);
    }
}
