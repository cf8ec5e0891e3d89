using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads the tests of <c>match.content</c> and <c>when</c>.</summary>
internal sealed class ConditionReader(ProfileErrors errors)
{
    public List<ConditionConfig> Read(YamlMap owner, string key)
    {
        var conditions = new List<ConditionConfig>();
        foreach (YamlNode item in owner.Items(key))
        {
            if (owner.AsMap(item, key) is { } map)
                conditions.Add(Condition(map));
        }

        return conditions;
    }

    private ConditionConfig Condition(YamlMap map)
    {
        var values = new List<MarkedText>(map.Texts("in"));
        values.AddRange(map.Texts("equals"));
        IReadOnlyList<MarkedText> not = map.Texts("not");
        IReadOnlyList<MarkedText> port = map.Texts("port");
        IReadOnlyList<MarkedText> length = map.Texts("length");
        var condition = new ConditionConfig(map.Mark)
        {
            Exists = map.Text("exists"),
            Missing = map.Text("missing"),
            Path = map.Text("path"),
            Topic = map.Text("topic"),
            Port = port.Count > 0,
            Length = length.Count > 0 || ((map.Has("min") || map.Has("max")) && !map.Has("value")),
            Value = map.Text("value"),
            Bit = map.Integer("bit"),
            Bytes = map.Text("bytes"),
            At = map.Integer("at") ?? 0,
            In = [.. values, .. not, .. port, .. length],
            Negate = not.Count > 0,
            Min = map.Number("min"),
            Max = map.Number("max"),
        };

        int subjects = new[]
        {
            condition.Exists is not null, condition.Missing is not null, condition.Path is not null, condition.Topic is not null,
            condition.Port, condition.Length, condition.Bytes is not null, condition.Value is not null,
        }.Count(set => set);
        if (subjects != 1)
            errors.Add(map.Mark, "a condition tests exactly one of exists, missing, path, topic, port, length (or min/max of the length), bytes, value");
        if ((condition.Path ?? condition.Topic) is not null && condition.In.Count == 0)
            errors.Add(map.Mark, "a condition on a path or topic capture needs 'equals', 'in' or 'not'");
        if (condition.Value is null ? condition.Bit is not null : condition.Bit is null && condition.In.Count == 0 && condition.Min is null && condition.Max is null)
            errors.Add(map.Mark, "a condition on a 'value' needs 'bit', 'equals', 'in', 'not', 'min' or 'max', and 'bit' belongs to a 'value'");
        if (condition.Bit is < 0 or > 31)
            errors.Add(map.Mark, "'bit' is 0 (the lowest) to 31");
        if (condition.Min > condition.Max)
            errors.Add(map.Mark, "'min' is above 'max'");
        map.Finish("a condition");
        return condition;
    }
}
