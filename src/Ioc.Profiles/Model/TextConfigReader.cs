namespace Ioc.Profiles.Model;

/// <summary>Reads how a group takes a text apart.</summary>
internal sealed class TextConfigReader(ProfileErrors errors)
{
    private static readonly Dictionary<string, ObisForm> ObisForms = new() { ["lines"] = ObisForm.Lines, ["telegram"] = ObisForm.Telegram };
    private static readonly Dictionary<string, TextBytes> ByteForms = new() { ["hex"] = TextBytes.Hex, ["base64"] = TextBytes.Base64 };
    private static readonly Dictionary<string, bool> Each = new() { ["value"] = true, ["line"] = false };

    public TextConfig? Read(YamlMap owner, string key)
    {
        if (owner.Map(key) is not { } map)
            return null;

        bool? each = map.Word("each", Each);
        var text = new TextConfig(map.Mark)
        {
            In = map.Text("in"),
            Match = map.Text("match"),
            Split = map.Text("split"),
            Quote = map.Text("quote"),
            Parts = map.Texts("parts"),
            Header = map.Flag("header"),
            Lines = each == false || map.Has("header"),
            Values = each == true,
            Obis = map.Word("obis", ObisForms),
            Bytes = map.Word("bytes", ByteForms),
        };
        Check(text, map, each is not null);
        map.Finish("a text");
        return text;
    }

    private void Check(TextConfig text, YamlMap map, bool hasEach)
    {
        int ways = new[] { text.Match is not null, text.Split is not null, text.Obis is not null, text.Bytes is not null }.Count(set => set);
        if (ways != 1)
            errors.Add(text.Mark, "a text is taken apart by exactly one of 'match' (a regular expression), 'split' (a separator), 'obis' and 'bytes'");
        if (text.Split is null && (text.Quote is not null || text.Parts.Count > 0 || text.Header || text.Values))
            errors.Add(text.Mark, "'quote', 'parts', 'header' and 'each: value' belong to 'split'");
        if (hasEach && text.Split is null && text.Match is null)
            errors.Add(text.Mark, "'each' belongs to 'split' and 'match'");
        if (text.Split is { Value.Length: 0 })
            map.Error("split", "'split' is the separator, such as \";\"");
        if (text.Quote is { Value: not ("\"" or "'") })
            map.Error("quote", "'quote' is '\"' or \"'\"");
        if (text.Split is not null && text.Parts.Count == 0 && !text.Header && !text.Values)
            errors.Add(text.Mark, "'split' needs the names of its 'parts', a 'header' line that names them, or 'each: value'");
        if (text.Values && (text.Parts.Count > 0 || text.Header))
            errors.Add(text.Mark, "with 'each: value' the parts have no names; take 'parts' and 'header' out");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (MarkedText part in text.Parts)
        {
            if (part.Value is not ("" or "_") && !seen.Add(part.Value))
                errors.Add(part.Mark, $"part '{part.Value}' stands twice; parts of no use are called _");
        }
    }
}
