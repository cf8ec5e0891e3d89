using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles a list of fields and groups, and the iterations among them.</summary>
internal static class GroupCompiler
{
    public static GroupPlan Root(IReadOnlyList<EntryConfig> entries, TimePlan? time, string family, CompileScope scope)
    {
        (FieldPlan[] fields, AttributePlan[] attributes, GroupPlan[] groups) = Entries(entries, scope);
        return new GroupPlan { Fields = fields, Attributes = attributes, Groups = groups, Time = time, Family = family };
    }

    public static (FieldPlan[] Fields, AttributePlan[] Attributes, GroupPlan[] Groups) Entries(IReadOnlyList<EntryConfig> entries, CompileScope scope)
    {
        OverlapCheck.Run([.. entries.OfType<FieldConfig>()], scope);
        FieldPlan[] fields = [.. entries.OfType<FieldConfig>().Select(field => FieldCompiler.Compile(field, scope)).OfType<FieldPlan>()];
        AttributePlan[] attributes = [.. entries.OfType<AttributeConfig>().Select(attribute => AttributeCompiler.Compile(attribute, scope)).OfType<AttributePlan>()];
        GroupConfig[] written = [.. entries.OfType<GroupConfig>()];
        List<GroupPlan> groups = [.. written.Where(group => group.Tag is null).Select(group => Compile(group, scope)).OfType<GroupPlan>()];
        GroupPlan[] stream = [.. written.Where(group => group.Tag is not null).Select(group => Compile(group, scope with { InTag = true })).OfType<GroupPlan>()];
        if (stream.Length > 0)
        {
            groups.Add(new GroupPlan
            {
                Stream = stream,
                UnknownTag = scope.RejectUnknownTags ? $"profile {scope.Profile}: a tag is not known; describe it, or say 'unknown: stop'" : null,
            });
        }

        return (fields, attributes, [.. groups]);
    }

    private static GroupPlan? Compile(GroupConfig group, CompileScope outer)
    {
        ConditionPlan[] when = ConditionCompiler.Compile(group.When, outer);
        CompileScope scope = outer;
        int container = -1;
        LevelPattern? keys = null;
        TextCompiler? text = null;
        List<(string Name, int Container, JsonTreeBuilder Tree)> beside = [];
        if ((group.Each is not null || group.Text is not null) && outer.Depth + 1 == GroupPlan.MaxDepth)
        {
            outer.Errors.Add(group.Mark, $"'each' and 'text' are nested deeper than {GroupPlan.MaxDepth}");
            return null;
        }

        if (group.Text is { } written)
            text = TextCompiler.Open(written, outer, out scope);
        if (group.Each is { } each)
        {
            if (!outer.TryPath(each, out JsonPath path))
                return null;
            container = outer.SlotOf(path);
            keys = Keys(group, outer);
            int depth = outer.Depth + 1;
            beside = Beside(group, outer);
            scope = outer with
            {
                Depth = depth,
                Parts = null,
                Beside = beside.ToDictionary(array => array.Name, array => array.Tree),
                Tree = new JsonTreeBuilder(outer.Slots),
                Trail = path.FromRoot ? CompileScope.MembersOf(path) : [.. outer.Trail, .. CompileScope.MembersOf(path)],
                KeyCaptures =
                [
                    .. outer.KeyCaptures,
                    .. (keys?.Captures ?? []).Select((name, i) => (name, (depth * GroupPlan.MaxKeyCaptures) + i)),
                ],
            };
        }

        if (group.Channel is { } channel)
            scope = scope with { Channel = TemplateCompiler.Channel(channel, scope) };

        TimePlan? time = group.Time is { } config ? TimeCompiler.Compile(config, scope) : null;
        TemplatePlan? device = group.Device is { } template ? TemplateCompiler.Compile(template, scope) : null;
        (FieldPlan[] fields, AttributePlan[] attributes, GroupPlan[] groups) = Entries(group.Fields, scope);
        int? repeat = Repeat(group, outer, fields, groups);
        return new GroupPlan
        {
            Tag = group.Tag is { } tag ? TagOf(tag, group, scope) : null,
            Repeat = repeat,
            Text = text?.Build(),
            Beside = [.. beside.Select(array => new BesidePlan(array.Container, array.Tree.Build(), [.. array.Tree.Taken]))],
            Personal = scope.Personal,
            Names = repeat is null && group.Tag is null && group.Text is null && container < 0 ? [] : [.. NamesOf(fields, groups).Distinct()],
            Quality = QualityOf(group, scope),
            Container = container,
            Element = container < 0 ? null : scope.Tree.Build(),
            Slots = container < 0 ? [] : [.. scope.Tree.Taken],
            Depth = scope.Depth,
            Keys = keys,
            Except = FieldCompiler.Utf8(group.Except.Select(key => key.Value)),
            Only = group.Only,
            When = when,
            Device = device,
            Family = group.Family ?? "",
            Time = time,
            Fields = fields,
            Attributes = attributes,
            Groups = groups,
        };
    }

    private static List<(string Name, int Container, JsonTreeBuilder Tree)> Beside(GroupConfig group, CompileScope outer)
    {
        var beside = new List<(string, int, JsonTreeBuilder)>();
        if (group.With.Count > BesidePlan.MaxCount)
            outer.Errors.Add(group.Mark, $"'with' names more than {BesidePlan.MaxCount} arrays");
        foreach ((MarkedText name, MarkedText path) in group.With.Take(BesidePlan.MaxCount))
        {
            if (outer.TryPath(path, out JsonPath array))
                beside.Add((name.Value, outer.SlotOf(array), new JsonTreeBuilder(outer.Slots)));
        }

        return beside;
    }

    private static TagPlan? TagOf(MarkedText tag, GroupConfig group, CompileScope scope)
    {
        string text = tag.Value;
        var bytes = new byte[text.Length / 2];
        var any = new bool[bytes.Length];
        bool isRead = text.Length is >= 2 and <= 16 && text.Length % 2 == 0;
        for (int i = 0; isRead && i < bytes.Length; i++)
        {
            any[i] = text[(2 * i)..(2 * i + 2)] == "xx";
            isRead = any[i] || byte.TryParse(text.AsSpan(2 * i, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out bytes[i]);
        }

        if (!isRead || Array.TrueForAll(any, free => free))
            scope.Errors.Add(tag.Mark, $"tag '{text}' must be one to eight pairs of hexadecimal digits in quotes, xx for any byte (not all of them)");
        if (scope.Codec != BodyCodec.Binary)
            scope.Errors.Add(tag.Mark, "a tag needs 'body: {codec: binary}'");
        return new TagPlan(bytes, any, group.Length ?? -1, group.LengthAt ?? 0, $"profile {scope.Profile}: the frame ends inside tag {text}");
    }

    private static int? Repeat(GroupConfig group, CompileScope scope, FieldPlan[] fields, GroupPlan[] groups)
    {
        if (group.Repeat is not { } repeat)
            return null;
        if (scope.Codec != BodyCodec.Binary || !fields.Any(field => field.Next && field.When.Length == 0 && !field.Optional))
            scope.Errors.Add(repeat.Mark, "'repeat' needs a binary body and a field with 'at: next' that is always there, or it would never end");
        if (repeat.Value == "end")
            return -1;
        if (scope.Names.TryGetValue(repeat.Value, out int place) && !NamesOf(fields, groups).Contains(place))
            return place;

        scope.Errors.Add(repeat.Mark, $"'repeat: {repeat.Value}' is neither 'end' nor a field before the group named with 'as'");
        return null;
    }

    private static IEnumerable<int> NamesOf(FieldPlan[] fields, GroupPlan[] groups) =>
        fields.Where(field => field.Name >= 0).Select(field => field.Name)
            .Concat(groups.SelectMany(group => NamesOf(group.Fields, [.. group.Groups, .. group.Stream])));

    private static Quality QualityOf(GroupConfig group, CompileScope scope)
    {
        if (group.Quality is not { } word || FieldCompiler.Marks.TryGetValue(word.Value, out Quality quality))
            return group.Quality is null ? Quality.Good : FieldCompiler.Marks[group.Quality.Value];

        scope.Errors.Add(word.Mark, $"'quality: {word.Value}' is not known; it is one of {string.Join(", ", FieldCompiler.Marks.Keys)}");
        return Quality.Good;
    }

    private static LevelPattern? Keys(GroupConfig group, CompileScope scope)
    {
        if (group.Keys is not { } text)
            return null;
        if (LevelPattern.TryParse(text.Value, out LevelPattern keys, out string problem) && keys.Captures.Count <= GroupPlan.MaxKeyCaptures)
            return keys;

        scope.Errors.Add(text.Mark, $"keys '{text.Value}' cannot be read: {(problem.Length > 0 ? problem : "too many captures")}");
        return null;
    }
}
