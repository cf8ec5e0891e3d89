using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles how values follow one another.</summary>
internal static class SemanticsCompiler
{
    private static readonly string[] Kinds = ["gauge", "counter", "delta", "state", "event"];

    /// <summary>The rule of one field.</summary>
    /// <param name="config">What the profile says.</param>
    /// <param name="metric">What the field measures.</param>
    /// <param name="unit">The field's unit to the metric's: the register wraps in the device's unit.</param>
    public static SeriesRule RuleOf(SemanticsConfig config, Metric metric, LinearMap unit) =>
        new(
            config.Kind is { } kind ? (Semantics)Array.IndexOf(Kinds, kind) : metric.Semantics,
            config.Wrap is { } wrap ? unit.Apply(wrap) - unit.Apply(0) : double.PositiveInfinity,
            config.Volatile,
            config.Reset is not null);

    /// <summary>Tells of what cannot be meant.</summary>
    public static void Check(ProfileConfig profile, MetricCatalogue metrics, ProfileErrors errors)
    {
        HashSet<string> measured = [.. MetricsOf(profile.Fields)];
        foreach (SemanticsConfig entry in profile.Semantics)
        {
            string name = entry.Metric.Value;
            if (!metrics.TryFind(name, out Metric? metric))
                errors.Add(entry.Metric.Mark, $"metric '{name}' is not in metrics.yaml");
            else if (!measured.Contains(name))
                errors.Add(entry.Metric.Mark, $"no field of the profile measures '{name}'; take it out of 'semantics'");
            else if ((entry.Kind ?? Kinds[(int)metric.Semantics]) != "counter" && (entry.Wrap is not null || entry.Reset is not null || entry.Volatile))
                errors.Add(entry.Metric.Mark, $"'wrap', 'reset' and 'volatile' belong to counters, and '{name}' is none; say 'kind: counter' or take them out");
            if (entry.Wrap <= 0)
                errors.Add(entry.Metric.Mark, "'wrap' is the first value that the register cannot show, such as 65536");
        }
    }

    private static IEnumerable<string> MetricsOf(IReadOnlyList<EntryConfig> entries) =>
        entries.SelectMany(entry => entry switch
        {
            FieldConfig { Metric: { } metric } => [metric.Value],
            GroupConfig group => MetricsOf(group.Fields),
            _ => [],
        });
}
