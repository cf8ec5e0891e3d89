using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads the parts that profiles and envelopes share: fields, groups, times, conditions.</summary>
internal sealed class EntryReader(ProfileErrors errors)
{
    private static readonly Dictionary<string, BinaryType> BinaryTypes =
        Enum.GetValues<BinaryType>().ToDictionary(type => type.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, bool> Endians = new() { ["big"] = false, ["little"] = true };

    private static readonly Dictionary<string, TimeForm> TimeForms = new()
    {
        ["iso"] = TimeForm.Iso,
        ["epoch-s"] = TimeForm.EpochSeconds,
        ["epoch-ms"] = TimeForm.EpochMilliseconds,
        ["pattern"] = TimeForm.Pattern,
    };

    private static readonly Dictionary<string, ElementKind> ElementKinds = new()
    {
        ["objects"] = ElementKind.Objects,
        ["arrays"] = ElementKind.Arrays,
        ["values"] = ElementKind.Values,
    };

    public List<EntryConfig> Entries(YamlMap owner, string key)
    {
        var entries = new List<EntryConfig>();
        foreach (YamlNode item in owner.Items(key))
        {
            if (owner.AsMap(item, key) is { } map)
                entries.Add(map.Has("fields") ? Group(map) : map.Has("attribute") ? Attribute(map) : Field(map));
        }

        return entries;
    }

    public List<ConditionConfig> Conditions(YamlMap owner, string key)
    {
        var conditions = new List<ConditionConfig>();
        foreach (YamlNode item in owner.Items(key))
        {
            if (owner.AsMap(item, key) is { } map)
                conditions.Add(Condition(map));
        }

        return conditions;
    }

    public TimeConfig? Time(YamlMap owner, string key)
    {
        if (owner.Map(key) is not { } map)
            return null;

        List<MarkedText> paths = Paths(map);
        MarkedText? pattern = map.Text("pattern");
        TimeForm form = map.Word("form", TimeForms) ?? (pattern is null ? TimeForm.Iso : TimeForm.Pattern);
        string zone = map.Text("zone")?.Value ?? "device";
        var time = new TimeConfig(map.Mark, paths, form, pattern, map.Integer("at"), zone == "utc", map.Flag("optional")) { Past = map.Flag("past") };
        if (zone is not ("utc" or "device"))
            map.Error("zone", $"'zone: {zone}' is not known; it is 'device' (local time of its site, the default) or 'utc'");
        if (form == TimeForm.Pattern && pattern is null)
            errors.Add(map.Mark, "'form: pattern' needs a 'pattern', such as yyyy/MM/dd HH:mm:ss");
        if (paths.Count == 0 == (time.At is null))
            errors.Add(map.Mark, "a time needs either 'path' (JSON) or 'at' (binary)");
        map.Finish("a time");
        return time;
    }

    private static List<MarkedText> Paths(YamlMap map)
    {
        var paths = new List<MarkedText>(map.Texts("paths"));
        if (map.Text("path") is { } path)
            paths.Insert(0, path);
        return paths;
    }

    private GroupConfig Group(YamlMap map)
    {
        var group = new GroupConfig(map.Mark)
        {
            Each = map.Text("each"),
            Keys = map.Text("keys"),
            Except = map.Texts("except"),
            Only = map.Word("only", ElementKinds) ?? ElementKind.Any,
            When = Conditions(map, "when"),
            Device = map.Text("device"),
            Family = ConfigReader.Family(map, "family"),
            Time = Time(map, "time"),
            Channel = Channel(map),
            Tag = map.Text("tag"),
            Length = map.Integer("length"),
            LengthAt = map.Integer("lengthAt"),
            Repeat = map.Text("repeat"),
            Quality = map.Text("quality"),
            Fields = Entries(map, "fields"),
        };
        if (group.Tag is not null && (group.Length is null) == (group.LengthAt is null))
            errors.Add(map.Mark, "a tag needs 'length' (bytes after the tag) or 'lengthAt' (where a byte says how many follow it)");
        if (group.Tag is null && (group.Length ?? group.LengthAt) is not null)
            errors.Add(map.Mark, "'length' and 'lengthAt' belong to a 'tag'");
        if (group.Length is < 0 or > 65535 || group.LengthAt is < 0 or > 255)
            errors.Add(map.Mark, "'length' is 0 to 65535 and 'lengthAt' 0 to 255");
        if (new[] { group.Tag is not null, group.Repeat is not null, group.Each is not null }.Count(set => set) > 1)
            errors.Add(map.Mark, "a group has at most one of 'tag', 'repeat' and 'each'; nest two groups");
        if (group.Each is null && (group.Keys is not null || group.Except.Count > 0 || group.Only != ElementKind.Any))
            errors.Add(map.Mark, "'keys', 'except' and 'only' choose elements of an 'each'; add 'each'");
        map.Finish("a group of fields");
        return group;
    }

    // 'text' before the rest, which ends with telling of the keys that nobody asked for.
    private AttributeConfig Attribute(YamlMap map) => new(map.Mark, map.RequiredText("attribute"), map.Text("text"), Field(map));

    private FieldConfig Field(YamlMap map)
    {
        YamlMap? range = map.Map("range");
        YamlMap? sentinel = map.Has("sentinel") && map.Node("sentinel") is YamlMappingNode ? map.Map("sentinel") : null;
        YamlMap? bits = map.Map("bits");
        bool next = map.Text("at") is { Value: "next" };
        var field = new FieldConfig(map.Mark)
        {
            Metric = map.Text("metric"),
            As = map.Text("as"),
            Paths = Paths(map),
            Topic = map.Text("topic"),
            Expression = map.Text("expr"),
            CountOf = map.Text("count"),
            At = next ? null : map.Integer("at"),
            Next = next,
            BinaryType = map.Word("type", BinaryTypes),
            LittleEndian = map.Word("endian", Endians),
            Mask = map.Number("mask"),
            Shift = map.Integer("shift"),
            Bits = bits is null ? null : (bits.Integer("from") ?? 0, bits.Integer("count") ?? 1),
            Optional = map.Flag("optional"),
            Unit = map.Text("unit"),
            Scale = map.Number("scale"),
            Offset = map.Number("offset"),
            Sentinels = sentinel is null ? map.Texts("sentinel") : [],
            SentinelBelow = sentinel?.Number("below"),
            SentinelAbove = sentinel?.Number("above"),
            Min = range?.Number("min"),
            Max = range?.Number("max"),
            DropOutside = range?.Flag("drop") ?? false,
            Map = Pairs(map, "map"),
            Invert = map.Flag("invert"),
            Channel = Channel(map),
            When = Conditions(map, "when"),
            Marks = map.Text("marks"),
            Time = Time(map, "time"),
        };
        range?.Finish("a range");
        sentinel?.Finish("a sentinel");
        bits?.Finish("bits");
        map.Finish("a field");
        return field;
    }

    private static ChannelConfig? Channel(YamlMap map)
    {
        if (!map.Has("channel"))
            return null;
        if (map.Node("channel") is not YamlMappingNode)
            return map.Text("channel") is { } literal ? new ChannelConfig(literal, []) : null;

        YamlMap channel = map.Map("channel")!;
        var config = new ChannelConfig(channel.RequiredText("from"), Pairs(channel, "map"));
        channel.Finish("a channel");
        return config;
    }

    private static List<(MarkedText Key, MarkedText Value)> Pairs(YamlMap owner, string key)
    {
        var pairs = new List<(MarkedText, MarkedText)>();
        if (owner.Map(key) is not { } map)
            return pairs;

        foreach (string name in map.Keys.ToList())
        {
            if (map.Text(name) is { } value)
                pairs.Add((new MarkedText(name, map.MarkOf(name)), value));
        }

        return pairs;
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
