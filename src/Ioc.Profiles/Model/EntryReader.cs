using YamlDotNet.RepresentationModel;

namespace Ioc.Profiles.Model;

/// <summary>Reads the parts that profiles and envelopes share: fields, groups, times, conditions.</summary>
internal sealed class EntryReader
{
    private static readonly Dictionary<string, ElementKind> ElementKinds = new()
    {
        ["objects"] = ElementKind.Objects,
        ["arrays"] = ElementKind.Arrays,
        ["values"] = ElementKind.Values,
    };

    private readonly ProfileErrors _errors;
    private readonly ConditionReader _conditions;
    private readonly TimeReader _times;
    private readonly FieldReader _fields;
    private readonly TextConfigReader _texts;

    public EntryReader(ProfileErrors errors)
    {
        _errors = errors;
        _conditions = new ConditionReader(errors);
        _times = new TimeReader(errors);
        _fields = new FieldReader(errors, _conditions, _times);
        _texts = new TextConfigReader(errors);
    }

    public List<EntryConfig> Entries(YamlMap owner, string key)
    {
        var entries = new List<EntryConfig>();
        foreach (YamlNode item in owner.Items(key))
        {
            if (owner.AsMap(item, key) is { } map)
                entries.Add(map.Has("fields") ? Group(map) : map.Has("attribute") ? Attribute(map) : _fields.Read(map));
        }

        return entries;
    }

    public List<ConditionConfig> Conditions(YamlMap owner, string key) => _conditions.Read(owner, key);

    public TimeConfig? Time(YamlMap owner, string key) => _times.Read(owner, key);

    private GroupConfig Group(YamlMap map)
    {
        var group = new GroupConfig(map.Mark)
        {
            Each = map.Text("each"),
            With = FieldReader.Pairs(map, "with"),
            Keys = map.Text("keys"),
            Except = map.Texts("except"),
            Only = map.Word("only", ElementKinds) ?? ElementKind.Any,
            When = _conditions.Read(map, "when"),
            Device = map.Text("device"),
            Family = ConfigReader.Family(map, "family"),
            Time = _times.Read(map, "time"),
            Channel = FieldReader.Channel(map),
            Tag = map.Text("tag"),
            Length = map.Integer("length"),
            LengthAt = map.Integer("lengthAt"),
            Repeat = map.Text("repeat"),
            Text = _texts.Read(map, "text"),
            Quality = map.Text("quality"),
            Fields = Entries(map, "fields"),
        };
        if (group.Tag is not null && (group.Length is null) == (group.LengthAt is null))
            _errors.Add(map.Mark, "a tag needs 'length' (bytes after the tag) or 'lengthAt' (where a byte says how many follow it)");
        if (group.Tag is null && (group.Length ?? group.LengthAt) is not null)
            _errors.Add(map.Mark, "'length' and 'lengthAt' belong to a 'tag'");
        if (group.Length is < 0 or > 65535 || group.LengthAt is < 0 or > 255)
            _errors.Add(map.Mark, "'length' is 0 to 65535 and 'lengthAt' 0 to 255");
        if (new[] { group.Tag is not null, group.Repeat is not null, group.Each is not null, group.Text is not null }.Count(set => set) > 1)
            _errors.Add(map.Mark, "a group has at most one of 'tag', 'repeat', 'each' and 'text'; nest two groups");
        if (group.Each is null && (group.Keys is not null || group.With.Count > 0 || group.Except.Count > 0 || group.Only != ElementKind.Any))
            _errors.Add(map.Mark, "'keys', 'except', 'only' and 'with' are about the elements of an 'each'; add 'each'");
        map.Finish("a group of fields");
        return group;
    }

    // 'text' before the rest, which ends with telling of the keys that nobody asked for.
    private AttributeConfig Attribute(YamlMap map) => new(map.Mark, map.RequiredText("attribute"), map.Text("text"), _fields.Read(map));
}
