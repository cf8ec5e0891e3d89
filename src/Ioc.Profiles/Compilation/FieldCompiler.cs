using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;
using Ioc.Profiles.Sparkplug;
using Ioc.Profiles.Tracing;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles one field: source, conversion, metric, channel.</summary>
internal static class FieldCompiler
{
    /// <summary>Most fields of a profile that are named with 'as'.</summary>
    public const int MaxNames = 32;

    /// <summary>The doubts a profile may put on readings.</summary>
    internal static readonly Dictionary<string, Quality> Marks = new()
    {
        ["suspect"] = Quality.Suspect,
        ["calibrating"] = Quality.Calibrating,
        ["estimated"] = Quality.Estimated,
        ["historical"] = Quality.Historical,
        ["bad"] = Quality.Bad,
    };

    public static FieldPlan? Compile(FieldConfig field, CompileScope scope, bool isAttribute = false)
    {
        Metric? metric = MetricOf(field, scope);
        if (metric is null && field.Metric is not null)
            return null;
        if (field.Metric is null && field.As is null && field.Marks is null && !isAttribute)
            scope.Errors.Add(field.Mark, "a field needs 'metric' (stored), 'as' (for expressions) or 'marks' (quality)");
        if (Source(field, scope) is not { } source)
            return null;

        ValuePlan value = ValueCompiler.Compile(field, metric, scope);
        if (field.Min > field.Max)
            scope.Errors.Add(field.Mark, $"range: min {field.Min} is above max {field.Max}");
        if (metric is not null && (field.Min > metric.Max || field.Max < metric.Min))
            scope.Errors.Add(field.Mark, $"range {field.Min}..{field.Max} lies outside the plausible range of {metric.Name} ({metric.Min}..{metric.Max} {metric.Unit})");

        Quality marks = Quality.Good;
        if (field.Marks is { } mark && !Marks.TryGetValue(mark.Value, out marks))
            scope.Errors.Add(mark.Mark, $"'marks: {mark.Value}' is not known; it is one of {string.Join(", ", Marks.Keys)}");

        SemanticsConfig? semantics = metric is null ? null : scope.Semantics.FirstOrDefault(entry => entry.Metric.Value == metric.Name);
        string what = $"profile {scope.Profile}, field {(field.Metric ?? field.As ?? field.Marks)?.Value}";
        MetricCompanions? companions = scope.HasCompanions ? MetricCompanions.Compile(field.Paths, scope) : null;
        var plan = new FieldPlan
        {
            Source = source,
            Slots = [.. (field.CountOf is { } count ? [count] : field.Paths).Select(scope.SlotOf)],
            Counted = field.Where.Count > 0 ? Counted(field, scope) : null,
            Capture = field.Topic is { } topic ? scope.Captures.ToList().IndexOf(topic.Value) : 0,
            Binary = field.Next || (field.At ?? field.Register) is not null ? BinaryCompiler.Compile(field, scope) : default,
            Next = field.Next,
            Register = field.Register ?? 0,
            Expression = field.Expression is { } expression ? ExpressionCompiler.Compile(expression, scope) : null,
            Value = value,
            Origin = FieldOrigin.Of(field),
            Units = UnitCompiler.Named(field, metric, ValueCompiler.ScaleOf(field), scope),
            Metric = metric?.Id ?? default,
            Min = Math.Max(field.Min ?? double.NegativeInfinity, metric?.Min ?? double.NegativeInfinity),
            Max = Math.Min(field.Max ?? double.PositiveInfinity, metric?.Max ?? double.PositiveInfinity),
            DropOutside = field.DropOutside,
            Channel = field.Channel is { } channel ? TemplateCompiler.Channel(channel, scope) : scope.Channel,
            When = ConditionCompiler.Compile(field.When, scope),
            Name = NameOf(field, scope),
            Marks = marks,
            Time = field.Time is { } time ? TimeCompiler.Compile(time, scope) : companions?.Time,
            Companions = companions,
            Optional = field.Optional,
            Rule = semantics is null ? null : SemanticsCompiler.RuleOf(semantics, metric!, value.Unit),
            ResetSlot = semantics?.Reset is { } reset ? scope.SlotOf(reset) : -1,
            TooShort = field.Next ? $"{what}: the frame ends inside it"
                : $"{what}: the frame ends before byte {field.At} + {(field.BinaryType is { } type ? BinaryNumber.WidthOf(type) : 0)}",
            Malformed = $"{what}: not a number or a word of its map",
            Limit = $"{what}: its channel is too long, not UTF-8, or one more than the product keeps",
        };
        return plan;
    }

    private static Metric? MetricOf(FieldConfig field, CompileScope scope)
    {
        if (field.Metric is not { } name)
            return null;
        if (scope.Metrics.TryFind(name.Value, out Metric? metric))
            return metric;

        string? near = Nearest.To(name.Value, scope.Metrics.All.Select(candidate => candidate.Name));
        scope.Errors.Add(name.Mark, $"metric '{name.Value}' is not in metrics.yaml; {(near is null ? "add it there" : $"did you mean '{near}'?")}");
        return null;
    }

    private static FieldSource? Source(FieldConfig field, CompileScope scope)
    {
        int sources = (field.Paths.Count > 0 ? 1 : 0) + (field.Topic is null ? 0 : 1) + (field.Expression is null ? 0 : 1)
            + (field.CountOf is null ? 0 : 1) + (field.At is null && !field.Next ? 0 : 1) + (field.Register is null ? 0 : 1);
        if (sources == 0 && scope.Codec == BodyCodec.Text)
            return FieldSource.Text;
        if (sources != 1)
        {
            scope.Errors.Add(field.Mark, "a field has exactly one source: path(s), at, register, topic, expr or count (none in a text body)");
            return null;
        }

        if (field.Paths.Count > 0)
            return FieldSource.Member;
        if (field.CountOf is not null)
            return FieldSource.Count;
        if (field.Expression is not null)
            return FieldSource.Expression;
        if (field.Topic is { } topic)
        {
            if (!scope.Captures.Contains(topic.Value))
            {
                scope.Errors.Add(topic.Mark, $"the topic has no capture '{topic.Value}'");
                return null;
            }

            return FieldSource.Capture;
        }

        if (field.Register is { } register)
            return Register(field, register, scope);
        if (scope.Codec == BodyCodec.Binary && field.BinaryType is not null)
            return FieldSource.Binary;

        scope.Errors.Add(field.Mark, $"'at' needs 'body: {{codec: binary}}' and a 'type': {string.Join(" ", FieldReader.BinaryTypes.Keys)}");
        return null;
    }

    private static FieldSource? Register(FieldConfig field, int register, CompileScope scope)
    {
        if (scope.HasRegisters && register is >= 0 and <= ushort.MaxValue && field.BinaryType is { } type && BinaryNumber.WidthOf(type) is 2 or 4 or 8)
            return FieldSource.Register;

        scope.Errors.Add(field.Mark, "'register' is 0 to 65535, needs 'body: {codec: modbus-rtu}' and a 'type' of whole registers (16, 32 or 64 bits)");
        return null;
    }

    private static int NameOf(FieldConfig field, CompileScope scope) => field.As is { } name ? PlaceOf(name, scope) : -1;

    /// <summary>The place of a name among the named values; a new one for a new name.</summary>
    internal static int PlaceOf(MarkedText name, CompileScope scope)
    {
        if (name.Value is "and" or "or" or "not")
            scope.Errors.Add(name.Mark, $"'{name.Value}' is a word of expressions; take another name");
        if (scope.Parameters.Contains(name.Value))
            scope.Errors.Add(name.Mark, $"'{name.Value}' is already the name of a parameter");
        if (!scope.Names.TryGetValue(name.Value, out int place))
        {
            if (scope.Names.Count == MaxNames)
                scope.Errors.Add(name.Mark, $"more than {MaxNames} fields are named with 'as'");
            scope.Names[name.Value] = place = scope.Names.Count;
        }

        return Math.Min(place, MaxNames - 1);
    }

    /// <summary>Conditions on the elements of a container, which have a tree of their own.</summary>
    private static CountPlan Counted(FieldConfig field, CompileScope scope)
    {
        CompileScope element = scope with { Tree = new JsonTreeBuilder(scope.Slots), Prefix = null, Parts = null };
        ConditionPlan[] where = ConditionCompiler.Compile(field.Where, element);
        return new CountPlan(element.Tree.Build(), [.. element.Tree.Taken], where);
    }

    /// <summary>UTF-8 of the texts.</summary>
    internal static byte[][] Utf8(IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
