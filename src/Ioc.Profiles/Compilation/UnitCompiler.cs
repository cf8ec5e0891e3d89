using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles units: the one that a profile writes out, or the several that a message may name.</summary>
internal static class UnitCompiler
{
    /// <summary>How a unit that is written out becomes the metric's.</summary>
    public static LinearMap Fixed(FieldConfig field, MetricType type, Metric? metric, CompileScope scope)
    {
        if (type != MetricType.Number || metric is null)
        {
            if (field.Unit is { } odd && type != MetricType.Number)
                scope.Errors.Add(odd.Mark, $"{metric?.Name ?? "a flag"} has no unit; take 'unit' out");
            return LinearMap.Identity;
        }

        if (field.UnitFrom is not null)
            return LinearMap.Identity;
        if (field.Unit is { } unit)
            return Convert(unit, metric, scope);
        if (metric.Unit != "1")
            scope.Errors.Add(field.Mark, $"'unit' is missing: which unit does the device use for {metric.Name} (kept in {metric.Unit})?");
        return LinearMap.Identity;
    }

    /// <summary>The units that message or registry may name.</summary>
    public static UnitPlan? Named(FieldConfig field, Metric? metric, LinearMap scale, CompileScope scope)
    {
        if (field.UnitFrom is not { } unit)
            return null;
        if (metric is not { Type: MetricType.Number })
        {
            scope.Errors.Add(unit.Mark, "a unit that the message names needs a 'metric' that is a number: its unit is what the value is turned into");
            return null;
        }

        var names = new List<(byte[], LinearMap)>();
        foreach ((MarkedText key, MarkedText value) in unit.Map)
            names.Add((Encoding.UTF8.GetBytes(key.Value), Convert(value, metric, scope)));
        foreach ((string name, LinearMap map) in Units.NamesOf(metric.Unit))
            names.Add((Encoding.UTF8.GetBytes(name), map));

        (int parameter, LinearMap[] words) = ByParameter(unit, metric, scope);
        return new UnitPlan
        {
            Slot = unit.Path is { } path ? scope.SlotOf(path) : -1,
            After = unit.After is { } after ? Encoding.UTF8.GetBytes(after) : null,
            Parameter = parameter,
            ByParameter = words,
            Default = unit.Default is { } otherwise ? Convert(otherwise, metric, scope) : null,
            Names = [.. names],
            Scale = scale,
        };
    }

    private static (int Parameter, LinearMap[] Words) ByParameter(UnitConfig unit, Metric metric, CompileScope scope)
    {
        if (unit.Parameter is not { } name)
            return (-1, []);

        int place = scope.Parameters.ToList().IndexOf(name.Value);
        if (place >= 0 && scope.ParameterWords.TryGetValue(name.Value, out IReadOnlyList<MarkedText>? words))
            return (place, [.. words.Select(word => Convert(unit.Map.FirstOrDefault(pair => pair.Key.Value == word.Value).Value ?? word, metric, scope))]);

        scope.Errors.Add(name.Mark, $"'{name.Value}' is not a parameter with 'words'; declare it: parameters: {{{name.Value}: {{about: …, words: [m/s, km/h]}}}}");
        return (-1, []);
    }

    private static LinearMap Convert(MarkedText unit, Metric metric, CompileScope scope)
    {
        if (!Units.TryConvert(unit.Value, metric.Unit, out LinearMap map))
        {
            scope.Errors.Add(unit.Mark, Units.TryResolve(unit.Value, out _)
                ? $"unit '{unit.Value}' cannot be turned into {metric.Unit}, the unit of {metric.Name}"
                : $"unit '{unit.Value}' is not known; units are UCUM codes such as W, kW.h, Cel, [degF], %, m3");
        }

        return map;
    }
}
