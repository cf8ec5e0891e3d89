using Ioc.Profiles.Fields;
using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads one field.</summary>
internal sealed class FieldReader(ProfileErrors errors, ConditionReader conditions, TimeReader times)
{
    internal static readonly Dictionary<string, BinaryType> BinaryTypes =
        Enum.GetValues<BinaryType>().ToDictionary(type => type.ToString().ToLowerInvariant());

    private static readonly Dictionary<string, ByteOrder> Orders = new()
    {
        ["big"] = ByteOrder.Big,
        ["little"] = ByteOrder.Little,
        ["swapped"] = ByteOrder.Swapped,
        ["little-swapped"] = ByteOrder.LittleSwapped,
    };

    public FieldConfig Read(YamlMap map)
    {
        YamlMap? range = map.Map("range");
        YamlMap? sentinel = map.Has("sentinel") && map.Node("sentinel") is YamlMappingNode ? map.Map("sentinel") : null;
        YamlMap? unit = map.Has("unit") && map.Node("unit") is YamlMappingNode ? map.Map("unit") : null;
        bool next = map.Text("at") is { Value: "next" };
        bool hasFlags = map.Has("flags");
        var field = new FieldConfig(map.Mark)
        {
            Metric = map.Text("metric"),
            As = map.Text("as"),
            Paths = Paths(map),
            Topic = map.Text("topic"),
            Expression = map.Text("expr"),
            CountOf = map.Text("count"),
            Where = conditions.Read(map, "where"),
            At = next ? null : map.Integer("at"),
            Next = next,
            Register = map.Integer("register"),
            BinaryType = map.Word("type", BinaryTypes),
            Order = map.Word("endian", Orders),
            Mask = map.Number("mask"),
            Shift = map.Integer("shift"),
            Bits = Bits(map),
            Optional = map.Flag("optional"),
            Unit = unit is null ? map.Text("unit") : null,
            UnitFrom = unit is null ? null : Unit(unit),
            Number = Number(map),
            Scale = map.Number("scale"),
            Offset = map.Number("offset"),
            Sentinels = sentinel is null ? map.Texts("sentinel") : [],
            SentinelBelow = sentinel?.Number("below"),
            SentinelAbove = sentinel?.Number("above"),
            Min = range?.Number("min"),
            Max = range?.Number("max"),
            DropOutside = range?.Flag("drop") ?? false,
            Map = Pairs(map, hasFlags ? "flags" : "map"),
            MapForm = hasFlags ? MapForm.Bits : map.Has("words") ? MapForm.Words : MapForm.Whole,
            Separators = map.Text("words")?.Value ?? "",
            Invert = map.Flag("invert"),
            Channel = Channel(map),
            When = conditions.Read(map, "when"),
            Marks = map.Text("marks"),
            Time = times.Read(map, "time"),
        };
        CheckMap(field, map, hasFlags);
        if (field.Where.Count > 0 && field.CountOf is null)
            errors.Add(field.Mark, "'where' says which elements 'count' counts; add 'count', or say 'when'");
        range?.Finish("a range");
        sentinel?.Finish("a sentinel");
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

    private void CheckMap(FieldConfig field, YamlMap map, bool hasFlags)
    {
        if (hasFlags && (map.Has("map") || map.Has("words")))
            errors.Add(field.Mark, "say 'flags' (keys are bits of a number), or 'map' with or without 'words'");
        if (map.Has("words") && (field.Map.Count == 0 || field.Separators.Length == 0))
            errors.Add(field.Mark, "'words' says what stands between the words of a list, and needs a 'map' of them");
        foreach ((MarkedText key, _) in hasFlags ? field.Map : [])
        {
            if (key.Value != "*" && !(int.TryParse(key.Value, out int bit) && bit is >= 0 and < 53))
                errors.Add(key.Mark, $"'{key.Value}' must be a bit from 0 (the lowest) to 52, or '*' for none of them");
        }
    }

    private static BitsConfig? Bits(YamlMap map)
    {
        if (map.Map("bits") is not { } bits)
            return null;

        var config = new BitsConfig(
            bits.Integer("from") ?? 0,
            bits.Integer("count") ?? 1,
            bits.Word("order", new Dictionary<string, bool> { ["low"] = false, ["high"] = true }) ?? false);
        bits.Finish("bits");
        return config;
    }

    private UnitConfig Unit(YamlMap map)
    {
        var unit = new UnitConfig(map.Mark, map.Text("path"), map.Text("after")?.Value, map.Text("parameter"), map.Text("default"), Pairs(map, "map"));
        if (unit.Path is null && unit.After is null && unit.Parameter is null)
            errors.Add(map.Mark, "a unit is named by a 'path', stands in the text 'after' something, or is a 'parameter' of the device");
        if (unit.Path is not null && unit.After is not null)
            errors.Add(map.Mark, "a unit has a 'path' of its own or stands 'after' the number, not both");
        map.Finish("a unit");
        return unit;
    }

    private static NumberFormat? Number(YamlMap owner)
    {
        if (!owner.Has("number"))
            return null;
        if (owner.Node("number") is YamlScalarNode)
        {
            if (owner.Text("number") is not { Value: "hex" })
                owner.Error("number", "'number' is hex, or {decimal: \",\", thousands: \".\"}, or {hex: 16} for 16 bits with a sign");
            return new NumberFormat((byte)'.', 0, true, 0);
        }

        if (owner.Map("number") is not { } map)
            return null;

        string point = map.Text("decimal")?.Value ?? ".";
        string group = map.Text("thousands")?.Value ?? "";
        int bits = map.Integer("hex") ?? 0;
        if (point is not ("." or ",") || group is not ("" or "." or "," or " " or "'" or "_") || group == point)
            map.Error("decimal", "'decimal' is \".\" or \",\"; 'thousands' is the other one, \" \", \"'\" or \"_\", or left out");
        if (map.Has("hex") && (bits is not (8 or 16 or 24 or 32 or 40 or 48 or 64) || map.Has("decimal") || map.Has("thousands")))
            map.Error("hex", "'hex' says how many bits with a sign the digits are (8, 16, 24, 32, 40, 48 or 64) and stands alone");
        map.Finish("a number");
        return new NumberFormat((byte)point[0], group.Length == 0 ? (byte)0 : (byte)group[0], bits > 0, bits);
    }

    public static List<(MarkedText Key, MarkedText Value)> Pairs(YamlMap owner, string key)
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
