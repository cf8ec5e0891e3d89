using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;

namespace Ioc.Profiles.Fields;

/// <summary>How a raw token becomes a value in the metric's canonical unit.</summary>
internal sealed class ValuePlan
{
    public required MetricType Type { get; init; }
    public WordMap? Map { get; init; }
    public bool Invert { get; init; }
    public double[] Sentinels { get; init; } = [];
    public byte[][] SentinelTexts { get; init; } = [];
    public double SentinelBelow { get; init; } = double.NegativeInfinity;
    public double SentinelAbove { get; init; } = double.PositiveInfinity;

    /// <summary>Scale and offset: raw to the unit the device means.</summary>
    public LinearMap Scale { get; init; } = LinearMap.Identity;

    /// <summary>That unit to the metric's own.</summary>
    public LinearMap Unit { get; init; } = LinearMap.Identity;

    /// <summary>A number alone says nothing: a place has two.</summary>
    public bool TextOnly { get; init; }

    /// <summary>How texts write numbers; null for the usual way.</summary>
    public NumberFormat? Format { get; init; }

    /// <summary>Judges a text: of a JSON string, a topic level, a scalar payload.</summary>
    public ReadStatus Read(ReadOnlySpan<byte> text, out double raw)
    {
        text = NumberText.Trim(text);
        raw = 0;
        foreach (byte[] sentinel in SentinelTexts)
        {
            if (text.SequenceEqual(sentinel))
                return ReadStatus.Absent;
        }

        if (Map is not null && Map.TryMap(text, out raw))
            return ReadStatus.Value;
        if (Type == MetricType.Position && GeoPoint.TryParse(text, out GeoPoint point))
        {
            raw = point.ToNumber();
            return ReadStatus.Value;
        }

        if (Format is null ? NumberText.TryParse(text, out double number) : NumberText.TryParse(text, Format, out number))
            return Read(number, out raw);

        return MeansNothing(text) ? ReadStatus.Absent : ReadStatus.Malformed;
    }

    /// <summary>Judges a number.</summary>
    public ReadStatus Read(double number, out double raw)
    {
        raw = number;
        if (TextOnly || number < SentinelBelow || number > SentinelAbove || Array.IndexOf(Sentinels, number) >= 0 || !double.IsFinite(number))
            return ReadStatus.Absent;
        if (Map is not null && Map.TryMap(number, out raw))
            return ReadStatus.Value;

        switch (Type)
        {
            case MetricType.Boolean:
                raw = number != 0 ? 1 : 0;
                return ReadStatus.Value;
            case MetricType.Word:
                return ReadStatus.Absent;
            default:
                raw = number;
                return Map is null ? ReadStatus.Value : ReadStatus.Absent;
        }
    }

    /// <summary>A text by which firmware says that there is nothing.</summary>
    internal static bool MeansNothing(ReadOnlySpan<byte> text) =>
        text.Length <= 11
        && (text.IsEmpty || text.SequenceEqual("nan"u8) || text.SequenceEqual("NaN"u8) || text.SequenceEqual("None"u8) || text.SequenceEqual("null"u8)
            || text.SequenceEqual("NULL"u8) || text.SequenceEqual("N/A"u8) || text.SequenceEqual("unavailable"u8) || text.SequenceEqual("unknown"u8));
}
