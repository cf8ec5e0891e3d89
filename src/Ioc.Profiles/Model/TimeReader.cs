namespace Ioc.Profiles.Model;

/// <summary>Reads where a time is and how it is written.</summary>
internal sealed class TimeReader(ProfileErrors errors)
{
    private static readonly Dictionary<string, TimeForm> Forms = new()
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

        MarkedText? pattern = map.Text("pattern");
        string zone = map.Text("zone")?.Value ?? "device";
        var time = new TimeConfig(map.Mark)
        {
            Paths = FieldReader.Paths(map),
            Form = map.Word("form", Forms) ?? (pattern is null ? TimeForm.Iso : TimeForm.Pattern),
            Pattern = pattern,
            At = map.Integer("at"),
            BinaryType = map.Word("type", FieldReader.BinaryTypes),
            UtcZone = zone == "utc",
            Optional = map.Flag("optional"),
            Past = map.Flag("past"),
            FromServer = map.Flag("server"),
            Plus = Shift(map),
            Start = map.Text("start"),
            As = map.Text("as"),
        };
        if (zone is not ("utc" or "device"))
            map.Error("zone", $"'zone: {zone}' is not known; it is 'device' (local time of its site, the default) or 'utc'");
        if (time.Form == TimeForm.Pattern && pattern is null)
            errors.Add(map.Mark, "'form: pattern' needs a 'pattern', such as yyyy/MM/dd HH:mm:ss");
        if (time.Form != TimeForm.Pattern && pattern is not null)
            errors.Add(map.Mark, "'pattern' belongs to 'form: pattern', which need not be said");
        if (time.Paths.Count > 0 ? time.At is not null : time.At is null && time.Plus is null)
            errors.Add(map.Mark, "a time needs either 'path' (JSON) or 'at' (binary), or only 'plus' to count from arrival");
        if (time.At is null && time.BinaryType is not null)
            errors.Add(map.Mark, "'type' belongs to 'at'");
        if (time.As is null ? time.Start is not null : time.Start is null && time.Form != TimeForm.Iso)
            errors.Add(map.Mark, "'as' names the length of an interval: it needs 'start' (a path) or an ISO interval, and 'start' needs 'as'");
        map.Finish("a time");
        return time;
    }

    private TimeShiftConfig? Shift(YamlMap owner)
    {
        if (owner.Map("plus") is not { } map)
            return null;

        var shift = new TimeShiftConfig(map.Mark)
        {
            Path = map.Text("path"),
            Value = map.Text("value"),
            At = map.Integer("at"),
            BinaryType = map.Word("type", FieldReader.BinaryTypes),
            Unit = map.Text("unit"),
            Back = map.Flag("back"),
        };
        if ((shift.Path is null ? 0 : 1) + (shift.Value is null ? 0 : 1) + (shift.At is null ? 0 : 1) != 1)
            errors.Add(map.Mark, "'plus' takes its span from exactly one of 'path', 'value' (a field named with 'as') and 'at' (binary)");
        if ((shift.At is null) != (shift.BinaryType is null))
            errors.Add(map.Mark, "'at' needs a 'type', and 'type' an 'at'");
        if (shift.Unit is null)
            errors.Add(map.Mark, "'plus' needs the 'unit' of the span: ms, s, min, h or d");
        map.Finish("a span");
        return shift;
    }
}
