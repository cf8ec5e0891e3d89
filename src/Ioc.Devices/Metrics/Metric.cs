using Ioc.Devices.Readings;

namespace Ioc.Devices.Metrics;

/// <summary>How values of a metric follow one another.</summary>
public enum Semantics : byte
{
    /// <summary>A level at an instant: temperature, power, water level.</summary>
    Gauge,

    /// <summary>A register that only rises, but for reset, wrap and exchange.</summary>
    Counter,

    /// <summary>The count of the period that ends at the reading's time.</summary>
    Delta,

    /// <summary>A code of the metric's word list, or 0/1; holds until the next.</summary>
    State,

    /// <summary>Something that happened at the reading's time.</summary>
    Event,
}

/// <summary>How the API shows a value.</summary>
public enum MetricType : byte
{
    /// <summary>A number in the metric's unit.</summary>
    Number,

    /// <summary>0 or 1, shown as false or true.</summary>
    Boolean,

    /// <summary>A code, shown as its word.</summary>
    Word,

    /// <summary>A place on the ground in one number (see <see cref="Registry.GeoPoint.ToNumber"/>), shown as <c>latitude/longitude</c>.</summary>
    Position,
}

/// <summary>Something that can be measured; an entry of the catalogue.</summary>
public sealed record Metric
{
    /// <summary>Dense handle while the process runs.</summary>
    public required MetricId Id { get; init; }

    /// <summary>Stable name, snake_case: <c>active_power</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How a value is shown.</summary>
    public required MetricType Type { get; init; }

    /// <summary>Canonical unit as a UCUM code; "1" for a plain number, empty for booleans and words.</summary>
    public required string Unit { get; init; }

    /// <summary>How values follow one another, where a profile says nothing else.</summary>
    public required Semantics Semantics { get; init; }

    /// <summary>Words by code, for <see cref="MetricType.Word"/>: code n is word n. Empty otherwise.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Smallest physically possible value in the canonical unit; negative infinity where there is none.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest physically possible value in the canonical unit; positive infinity where there is none.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>Device families that have it, for grouping; may be empty.</summary>
    public IReadOnlyList<string> Families { get; init; } = [];

    /// <summary>Display name in Vietnamese.</summary>
    public required string NameVi { get; init; }

    /// <summary>Display name in English.</summary>
    public required string NameEn { get; init; }
}
