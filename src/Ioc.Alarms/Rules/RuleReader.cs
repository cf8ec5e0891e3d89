using System.Text.RegularExpressions;
using Ioc.Devices.Files;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using NodaTime;

namespace Ioc.Alarms.Rules;

/// <summary>Reads and checks one rule after another.</summary>
internal sealed partial class RuleReader(MetricCatalogue metrics, Seeds seeds, LocalDate today)
{
    private static readonly string[] States = ["stale", "offline"];
    private static readonly string[] Booleans = ["false", "true"];

    public List<AlarmRule> Rules { get; } = [];

    public void Read(YamlMap entry)
    {
        string id = entry.Required("id");
        Metric? metric = ReadMetric(entry);
        (Comparison comparison, double? limit, string? parameter, DeviceState state) = ReadCondition(entry, metric);
        var rule = new AlarmRule
        {
            Id = id,
            Metric = metric,
            Comparison = comparison,
            Limit = limit,
            LimitParameter = parameter,
            State = state,
            Deadband = ReadNotNegative(entry, "deadband"),
            OnDelay = Duration.FromSeconds(ReadNotNegative(entry, "on_delay")),
            OffDelay = Duration.FromSeconds(ReadNotNegative(entry, "off_delay")),
            Priority = ReadPriority(entry),
            Selector = ReadSelector(entry),
            Channels = entry.Texts("channels"),
            ValidFrom = entry.Date("valid_from"),
            ValidTo = entry.Date("valid_to"),
            Message = ReadMessage(entry),
        };
        entry.Close();

        if (rule.ValidTo < rule.ValidFrom)
            entry.Error("valid_to", "valid_to is before valid_from.");
        CheckAgainstOthers(entry, rule);
        CheckParameter(entry, rule);
        Rules.Add(rule);
    }

    private Metric? ReadMetric(YamlMap entry)
    {
        string? name = entry.Optional("metric");
        if (name is null)
        {
            if (!entry.Has("state"))
                entry.Error("metric is missing.");
            return null;
        }

        if (!metrics.TryFind(name, out Metric? metric))
            entry.Error("metric", $"metric '{name}' is not in the catalogue.");
        if (entry.Has("state"))
            entry.Error("state", "state and metric do not go together.");
        return metric;
    }

    private static (Comparison Comparison, double? Limit, string? Parameter, DeviceState State) ReadCondition(YamlMap entry, Metric? metric)
    {
        string? above = entry.Optional("above");
        string? below = entry.Optional("below");
        string? code = entry.Optional("is");
        string? state = entry.Word("state", States);
        if (new[] { above, below, code, entry.Has("state") ? "" : null }.Count(part => part is not null) != 1)
            entry.Error("needs exactly one of above, below, is, state.");

        if (state is not null || entry.Has("state"))
            return (Comparison.State, 1, null, state == "stale" ? DeviceState.Stale : DeviceState.Offline);
        if (code is not null)
            return (Comparison.Is, ReadCode(entry, metric, code), null, default);

        Comparison comparison = below is not null ? Comparison.Below : Comparison.Above;
        if ((above ?? below) is not { } limit)
            return (comparison, null, null, default);

        string key = comparison == Comparison.Below ? "below" : "above";
        if (metric is not null and not { Type: MetricType.Number })
            entry.Error(key, $"metric '{metric.Name}' is no number; use is.");
        if (YamlMap.TryNumber(limit, out double number))
            return (comparison, number, null, default);
        if (!ParameterName().IsMatch(limit))
            entry.Error(key, $"{key} '{limit}' is neither a number nor the name of a device parameter.");
        return (comparison, null, limit, default);
    }

    private static double? ReadCode(YamlMap entry, Metric? metric, string code)
    {
        if (metric is null)
            return null;

        IReadOnlyList<string> words = metric.Type switch
        {
            MetricType.Boolean => Booleans,
            MetricType.Word => metric.Words,
            _ => [],
        };
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == code)
                return i;
        }

        entry.Error("is", words.Count == 0
            ? $"metric '{metric.Name}' is a number; use above or below."
            : $"is '{code}' is no word of '{metric.Name}'; its words are {string.Join(", ", words)}.");
        return null;
    }

    private static double ReadNotNegative(YamlMap entry, string key)
    {
        double? number = entry.Number(key);
        if (number is < 0 or > 1e9)
            entry.Error(key, $"{key} {number} is negative or absurdly large.");
        return number is >= 0 and <= 1e9 ? number.Value : 0;
    }

    private static int ReadPriority(YamlMap entry)
    {
        if (!entry.Has("priority"))
            entry.Error("priority is missing.");

        double? priority = entry.Number("priority");
        if (priority is 1 or 2 or 3 or 4)
            return (int)priority;
        if (priority is not null)
            entry.Error("priority", $"priority {priority} is not 1, 2, 3 or 4.");
        return 4;
    }

    private RuleSelector ReadSelector(YamlMap entry)
    {
        IReadOnlyList<string> families = Known(entry, "families", "family", Families.Contains);
        IReadOnlyList<string> devices = Known(entry, "devices", "device", id => seeds.Devices.Any(device => device.ApiId == id));
        IReadOnlyList<string> areas = Known(entry, "areas", "area", code => seeds.Areas.Find(code, today) is not null);
        IReadOnlyList<string> zones = Known(entry, "zones", "zone", id => seeds.Zones.Any(zone => zone.Id == id));
        HashSet<string> areasBelow = areas.Count == 0
            ? []
            : [.. seeds.Areas.On(today).Select(area => area.Code).Where(code => areas.Any(above => seeds.Areas.IsWithin(code, above, today)))];

        return new RuleSelector(families, devices.ToHashSet(StringComparer.Ordinal), areasBelow, zones, entry.Texts("parameters"));
    }

    private static IReadOnlyList<string> Known(YamlMap entry, string key, string what, Func<string, bool> isKnown)
    {
        IReadOnlyList<string> names = entry.Texts(key);
        foreach (string name in names.Where(name => !isKnown(name)))
            entry.Error(key, $"{what} '{name}' is unknown.");
        return names;
    }

    private static MessageTemplate ReadMessage(YamlMap entry)
    {
        YamlMap? message = entry.Map("message");
        if (message is null)
        {
            if (!entry.Has("message"))
                entry.Error("message is missing.");
            return new MessageTemplate("", "");
        }

        var template = new MessageTemplate(message.Required("vi"), message.Required("en"));
        message.Close();
        foreach (string place in template.UnknownPlaces())
            message.Error($"{{{place}}} is unknown; known are {string.Join(", ", MessageTemplate.Places)}.");
        return template;
    }

    private void CheckAgainstOthers(YamlMap entry, AlarmRule rule)
    {
        foreach (AlarmRule other in Rules.Where(other => other.Id == rule.Id))
        {
            if (other.Metric != rule.Metric)
                entry.Error("id", $"rule '{rule.Id}' stands twice with different metrics.");
            else if ((rule.ValidFrom ?? LocalDate.MinIsoValue) <= (other.ValidTo ?? LocalDate.MaxIsoValue)
                && (other.ValidFrom ?? LocalDate.MinIsoValue) <= (rule.ValidTo ?? LocalDate.MaxIsoValue))
                entry.Error("id", $"rule '{rule.Id}' stands twice for the same days.");
        }
    }

    private void CheckParameter(YamlMap entry, AlarmRule rule)
    {
        if (rule.LimitParameter is not { } name)
            return;

        foreach (Device device in seeds.Devices.Where(rule.Selector.Selects))
        {
            if (device.Parameters.TryGetValue(name, out string? text) && !YamlMap.TryNumber(text, out _))
                entry.Error($"parameter {name} of device '{device.ApiId}' is '{text}', no number.");
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ParameterName();
}
