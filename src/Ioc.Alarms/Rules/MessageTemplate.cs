using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;

namespace Ioc.Alarms.Rules;

/// <summary>What operators read about an alarm, in two languages, with places for what was measured.</summary>
/// <param name="Vietnamese">The text in Vietnamese.</param>
/// <param name="English">The text in English.</param>
public sealed partial record MessageTemplate(string Vietnamese, string English)
{
    private static readonly CultureInfo VietnameseCulture = CultureInfo.GetCultureInfo("vi-VN");
    private static readonly CultureInfo EnglishCulture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The names that may stand in braces.</summary>
    public static IReadOnlyList<string> Places { get; } = ["device", "area", "channel", "value", "limit", "excess", "unit"];

    /// <summary>Names in braces that are none of <see cref="Places"/>.</summary>
    public IEnumerable<string> UnknownPlaces() =>
        Place().Matches(Vietnamese + English).Select(match => match.Groups[1].Value).Except(Places).Distinct();

    /// <summary>The text in Vietnamese: decimal comma.</summary>
    public string InVietnamese(Device device, string channel, Metric? metric, double value, double limit) =>
        Fill(Vietnamese, VietnameseCulture, device, channel, metric, value, limit);

    /// <summary>The text in English: decimal point.</summary>
    public string InEnglish(Device device, string channel, Metric? metric, double value, double limit) =>
        Fill(English, EnglishCulture, device, channel, metric, value, limit);

    private static string Fill(string template, CultureInfo culture, Device device, string channel, Metric? metric, double value, double limit) =>
        Place().Replace(template, match => match.Groups[1].Value switch
        {
            "device" => device.Name,
            "area" => device.AreaName ?? "",
            "channel" => channel,
            "value" => Show(metric, value, culture),
            "limit" => Show(metric, limit, culture),
            "excess" => Math.Abs(value - limit).ToString("#,0.##", culture),
            "unit" => metric?.Unit ?? "",
            _ => match.Value,
        });

    private static string Show(Metric? metric, double value, CultureInfo culture) => metric?.Type switch
    {
        MetricType.Boolean => value != 0 ? "true" : "false",
        MetricType.Word when value >= 0 && value < metric.Words.Count => metric.Words[(int)value],
        MetricType.Position => Devices.Registry.GeoPoint.FromNumber(value).ToText(),
        _ => value.ToString("#,0.##", culture),
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}
