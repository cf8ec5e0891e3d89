using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads one field.</summary>
internal sealed class FieldReader(ConditionReader conditions, TimeReader times)
{
    private static readonly Dictionary<string, BinaryType> BinaryTypes =
        Enum.GetValues<BinaryType>().ToDictionary(type => type.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, bool> Endians = new() { ["big"] = false, ["little"] = true };

    public FieldConfig Read(YamlMap map)
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
            When = conditions.Read(map, "when"),
            Marks = map.Text("marks"),
            Time = times.Read(map, "time"),
        };
        range?.Finish("a range");
        sentinel?.Finish("a sentinel");
        bits?.Finish("bits");
        map.Finish("a field");
        return field;
    }

    public static ChannelConfig? Channel(YamlMap map)
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

    public static List<MarkedText> Paths(YamlMap map)
    {
        var paths = new List<MarkedText>(map.Texts("paths"));
        if (map.Text("path") is { } path)
            paths.Insert(0, path);
        return paths;
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
}
