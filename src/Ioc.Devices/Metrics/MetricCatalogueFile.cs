using System.Text.RegularExpressions;
using Ioc.Devices.Files;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;

namespace Ioc.Devices.Metrics;

/// <summary>Reads <c>metrics.yaml</c>.</summary>
public static partial class MetricCatalogueFile
{
    private static readonly string[] Types = ["number", "boolean", "word", "position"];
    private static readonly string[] SemanticsWords = ["gauge", "counter", "delta", "state", "event"];

    /// <summary>Loads the catalogue.</summary>
    /// <param name="path">The file: a list of entries, or a mapping whose <c>metrics</c> is that list.</param>
    /// <exception cref="MetricCatalogueException">Something is wrong with it; the exception lists everything.</exception>
    public static MetricCatalogue Load(string path)
    {
        var errors = new FileErrors();
        var metrics = new List<Metric>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (YamlMap entry in YamlFile.ReadList(path, "metrics", errors))
        {
            if (metrics.Count == short.MaxValue)
            {
                entry.Error($"is one metric too many; {short.MaxValue} is the most.");
                break;
            }

            Metric metric = Read(entry, new MetricId((short)(metrics.Count + 1)));
            if (metric.Name.Length > 0 && !lines.TryAdd(metric.Name, entry.Line))
                entry.Error($"metric '{metric.Name}' stands twice; first on line {lines[metric.Name]}.");
            metrics.Add(metric);
        }

        return errors.None ? new MetricCatalogue(metrics) : throw new MetricCatalogueException(errors.Sorted());
    }

    private static Metric Read(YamlMap entry, MetricId id)
    {
        string name = entry.Required("name");
        if (name.Length > 0 && !SnakeCase().IsMatch(name))
            entry.Error("name", $"name '{name}' is not snake_case.");

        var type = (MetricType)Array.IndexOf(Types, entry.Word("type", Types) ?? "number");
        IReadOnlyList<string> words = entry.Texts("words");
        if (type == MetricType.Word && words.Count == 0)
            entry.Error($"metric '{name}' is of type word and needs words.");
        if (type != MetricType.Word && words.Count > 0)
            entry.Error("words", "words belong to type word only.");
        if (words.Distinct(StringComparer.Ordinal).Count() != words.Count)
            entry.Error("words", "a word stands twice.");

        IReadOnlyList<string> families = entry.Texts("families");
        foreach (string family in families.Where(family => !Families.Contains(family)))
            entry.Error("families", $"family '{family}' is unknown; known are {string.Join(", ", Families.All)}.");

        var metric = new Metric
        {
            Id = id,
            Name = name,
            Type = type,
            Unit = ReadUnit(entry, type),
            Semantics = ReadSemantics(entry, type),
            Words = words,
            Min = entry.Number("min") ?? double.NegativeInfinity,
            Max = entry.Number("max") ?? double.PositiveInfinity,
            Families = families,
            NameVi = entry.Required("vi"),
            NameEn = entry.Required("en"),
        };
        if (metric.Min > metric.Max)
            entry.Error("min", $"min {metric.Min} is above max {metric.Max}.");

        entry.Close();
        return metric;
    }

    private static string ReadUnit(YamlMap entry, MetricType type)
    {
        if (type == MetricType.Number)
            return entry.Required("unit");

        if (entry.Optional("unit") is { Length: > 0 } unit)
            entry.Error("unit", $"unit '{unit}' belongs to numbers only.");
        return "";
    }

    private static Semantics ReadSemantics(YamlMap entry, MetricType type)
    {
        string fallback = type == MetricType.Number ? "gauge" : "state";
        return (Semantics)Array.IndexOf(SemanticsWords, entry.Word("semantics", SemanticsWords) ?? fallback);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
