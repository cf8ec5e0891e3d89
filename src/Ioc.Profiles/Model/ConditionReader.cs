using Ioc.Profiles.Fields;
using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads the tests of <c>match.content</c> and <c>when</c>.</summary>
internal sealed class ConditionReader(ProfileErrors errors)
{
    private const int MostNested = 4;

    private static readonly Dictionary<string, MemberKind> Kinds =
        Enum.GetValues<MemberKind>().Where(kind => kind != MemberKind.Unasked).ToDictionary(kind => kind.ToString().ToLowerInvariant());

    public List<ConditionConfig> Read(YamlMap owner, string key) => Read(owner, key, 0);

    private List<ConditionConfig> Read(YamlMap owner, string key, int depth)
    {
        var conditions = new List<ConditionConfig>();
        foreach (YamlNode item in owner.Items(key))
        {
            if (owner.AsMap(item, key) is { } map)
                conditions.Add(Condition(map, depth));
        }

        return conditions;
    }

    private ConditionConfig Condition(YamlMap map, int depth)
    {
        if (depth > MostNested)
        {
            errors.Add(map.Mark, $"'any' is nested deeper than {MostNested}");
            return new ConditionConfig(map.Mark);
        }

        var values = new List<MarkedText>(map.Texts("in"));
        values.AddRange(map.Texts("equals"));
        IReadOnlyList<MarkedText> not = map.Texts("not");
        IReadOnlyList<MarkedText> port = map.Texts("port");
        IReadOnlyList<MarkedText> length = map.Texts("length");
        bool isLength = (map.Has("min") || map.Has("max")) && !map.Has("value") && !map.Has("path") && !map.Has("topic");
        var condition = new ConditionConfig(map.Mark)
        {
            Exists = map.Text("exists"),
            Missing = map.Text("missing"),
            Path = map.Text("path"),
            Topic = map.Text("topic"),
            Port = port.Count > 0,
            Length = length.Count > 0 || isLength,
            Value = map.Text("value"),
            Bit = map.Integer("bit"),
            Bytes = map.Text("bytes"),
            At = map.Integer("at") ?? 0,
            Expression = map.Text("expr"),
            Any = map.Has("any") ? Read(map, "any", depth + 1) : null,
            Matches = map.Text("matches"),
            Is = map.Word("is", Kinds),
            In = [.. values, .. not, .. port, .. length],
            Negate = not.Count > 0,
            Min = map.Number("min"),
            Max = map.Number("max"),
        };

        Check(condition, map);
        map.Finish("a condition");
        return condition;
    }

    private void Check(ConditionConfig condition, YamlMap map)
    {
        bool isBody = condition.Matches is not null && condition.Path is null && condition.Topic is null;
        int subjects = new[]
        {
            condition.Exists is not null, condition.Missing is not null, condition.Path is not null, condition.Topic is not null, condition.Port,
            condition.Length, condition.Bytes is not null, condition.Value is not null, condition.Expression is not null, condition.Any is not null, isBody,
        }.Count(set => set);
        bool hasLimits = condition.Min is not null || condition.Max is not null;
        int tests = new[] { condition.In.Count > 0, hasLimits, condition.Matches is not null, condition.Is is not null }.Count(set => set);
        if (subjects != 1)
            errors.Add(map.Mark, "a condition tests exactly one of exists, missing, path, topic, port, length (or min/max of the length), bytes, value, expr, any, matches");
        if ((condition.Path ?? condition.Topic) is not null && tests != 1)
            errors.Add(map.Mark, "a condition on a path or topic capture needs one of 'equals', 'in', 'not', 'min'/'max', 'matches' (and 'is' for a path)");
        if (condition.Is is not null && condition.Path is null)
            errors.Add(map.Mark, "'is' asks what stands at a 'path'");
        if (condition.Any is { Count: < 2 })
            errors.Add(map.Mark, "'any' needs two conditions or more, of which one has to hold");
        if (condition.Value is null ? condition.Bit is not null : condition.Bit is null && condition.In.Count == 0 && !hasLimits)
            errors.Add(map.Mark, "a condition on a 'value' needs 'bit', 'equals', 'in', 'not', 'min' or 'max', and 'bit' belongs to a 'value'");
        if (condition.Bit is < 0 or > 52)
            errors.Add(map.Mark, "'bit' is 0 (the lowest) to 52");
        if (condition.Min > condition.Max)
            errors.Add(map.Mark, "'min' is above 'max'");
    }
}
