using Ioc.Devices.Metrics;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles how a raw token becomes a canonical value: words, sentinels, scale, unit.</summary>
internal static class ValueCompiler
{
    public static ValuePlan Compile(FieldConfig field, Metric? metric, CompileScope scope)
    {
        MetricType type = metric?.Type ?? (field.Marks is not null ? MetricType.Boolean : MetricType.Number);
        var texts = new List<string>();
        var numbers = new List<double>();
        foreach (MarkedText sentinel in field.Sentinels)
        {
            texts.Add(sentinel.Value);
            if (YamlMap.TryNumber(sentinel.Value, out double number))
                numbers.Add(number);
        }

        if (field.Scale == 0)
            scope.Errors.Add(field.Mark, "'scale: 0' makes every value nothing");
        if (type == MetricType.Position && (field.Scale ?? field.Offset ?? field.Min ?? field.Max) is not null)
            scope.Errors.Add(field.Mark, "a position has neither scale nor range");
        if (type == MetricType.Position && (field.At ?? field.Register) is not null)
            scope.Errors.Add(field.Mark, "a position is a text 'latitude/longitude' or 'expr: position(latitude, longitude)'; name the two fields with 'as'");
        return new ValuePlan
        {
            Type = type,
            Map = Words(field, type, metric, scope),
            Invert = field.Invert,
            Sentinels = [.. numbers],
            SentinelTexts = FieldCompiler.Utf8(texts),
            SentinelBelow = field.SentinelBelow ?? double.NegativeInfinity,
            SentinelAbove = field.SentinelAbove ?? double.PositiveInfinity,
            Scale = field.UnitFrom is null ? ScaleOf(field) : LinearMap.Identity,
            Unit = UnitCompiler.Fixed(field, type, metric, scope),
            Format = field.Number,
            TextOnly = type == MetricType.Position && field.Expression is null,
        };
    }

    public static LinearMap ScaleOf(FieldConfig field) => LinearMap.Of(field.Scale is null or 0 ? 1 : field.Scale.Value, field.Offset ?? 0);

    private static WordMap? Words(FieldConfig field, MetricType type, Metric? metric, CompileScope scope)
    {
        if (field.Invert && type != MetricType.Boolean)
            scope.Errors.Add(field.Mark, "'invert' is for booleans");
        if (field.Map.Count == 0)
        {
            return type switch
            {
                MetricType.Boolean => WordMap.Booleans,
                MetricType.Word => new WordMap([.. metric!.Words.Select((word, code) => (word, (double)code))]),
                _ => null,
            };
        }

        var entries = new List<(string, double)>();
        double? other = null;
        foreach ((MarkedText key, MarkedText value) in field.Map)
        {
            if (!TryMean(value.Value, type, metric, out double meaning))
                scope.Errors.Add(value.Mark, Meaningless(value.Value, type, metric));
            else if (key.Value == "*")
                other = meaning;
            else
                entries.Add((key.Value, meaning));
        }

        return new WordMap(entries, other, field.MapForm, field.Separators);
    }

    private static bool TryMean(string word, MetricType type, Metric? metric, out double meaning)
    {
        meaning = 0;
        switch (type)
        {
            case MetricType.Boolean:
                meaning = word == "true" ? 1 : 0;
                return word is "true" or "false";
            case MetricType.Word:
                meaning = metric!.Words.ToList().IndexOf(word);
                return meaning >= 0;
            default:
                return YamlMap.TryNumber(word, out meaning);
        }
    }

    private static string Meaningless(string word, MetricType type, Metric? metric) =>
        type switch
        {
            MetricType.Boolean => $"'{word}' must be true or false",
            MetricType.Word => $"'{word}' is not a word of {metric!.Name}; its words are {string.Join(", ", metric.Words)}",
            _ => $"'{word}' must be a number",
        };
}
