namespace Ioc.Profiles.Model;

/// <summary>Reads where a time is and how it is written.</summary>
internal sealed class TimeReader(ProfileErrors errors)
{
    private static readonly Dictionary<string, TimeForm> TimeForms = new()
    {
        ["iso"] = TimeForm.Iso,
        ["epoch-s"] = TimeForm.EpochSeconds,
        ["epoch-ms"] = TimeForm.EpochMilliseconds,
        ["pattern"] = TimeForm.Pattern,
    };

    public TimeConfig? Read(YamlMap owner, string key)
    {
        if (owner.Map(key) is not { } map)
            return null;

        List<MarkedText> paths = FieldReader.Paths(map);
        MarkedText? pattern = map.Text("pattern");
        TimeForm form = map.Word("form", TimeForms) ?? (pattern is null ? TimeForm.Iso : TimeForm.Pattern);
        string zone = map.Text("zone")?.Value ?? "device";
        var time = new TimeConfig(map.Mark, paths, form, pattern, map.Integer("at"), zone == "utc", map.Flag("optional")) { Past = map.Flag("past"), FromServer = map.Flag("server") };
        if (zone is not ("utc" or "device"))
            map.Error("zone", $"'zone: {zone}' is not known; it is 'device' (local time of its site, the default) or 'utc'");
        if (form == TimeForm.Pattern && pattern is null)
            errors.Add(map.Mark, "'form: pattern' needs a 'pattern', such as yyyy/MM/dd HH:mm:ss");
        if (paths.Count == 0 == (time.At is null))
            errors.Add(map.Mark, "a time needs either 'path' (JSON) or 'at' (binary)");
        map.Finish("a time");
        return time;
    }
}
