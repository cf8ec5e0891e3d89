using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles a list of fields and groups, and the iterations among them.</summary>
internal static class GroupCompiler
{
    public static GroupPlan Root(IReadOnlyList<EntryConfig> entries, TimePlan? time, string family, CompileScope scope)
    {
        (FieldPlan[] fields, GroupPlan[] groups) = Entries(entries, scope);
        return new GroupPlan { Fields = fields, Groups = groups, Time = time, Family = family };
    }

    public static (FieldPlan[] Fields, GroupPlan[] Groups) Entries(IReadOnlyList<EntryConfig> entries, CompileScope scope)
    {
        OverlapCheck.Run([.. entries.OfType<FieldConfig>()], scope);
        FieldPlan[] fields = [.. entries.OfType<FieldConfig>().Select(field => FieldCompiler.Compile(field, scope)).OfType<FieldPlan>()];
        GroupPlan[] groups = [.. entries.OfType<GroupConfig>().Select(group => Compile(group, scope)).OfType<GroupPlan>()];
        return (fields, groups);
    }

    private static GroupPlan? Compile(GroupConfig group, CompileScope outer)
    {
        ConditionPlan[] when = ConditionCompiler.Compile(group.When, outer);
        CompileScope scope = outer;
        int container = -1;
        int firstSlot = 0;
        LevelPattern? keys = null;
        if (group.Each is { } each)
        {
            if (!outer.TryPath(each, out JsonPath path))
                return null;
            if (outer.Depth + 1 == GroupPlan.MaxDepth)
            {
                outer.Errors.Add(each.Mark, $"'each' is nested deeper than {GroupPlan.MaxDepth}");
                return null;
            }

            container = outer.SlotOf(path);
            firstSlot = outer.Slots.Count;
            keys = Keys(group, outer);
            int depth = outer.Depth + 1;
            scope = outer with
            {
                Depth = depth,
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
        (FieldPlan[] fields, GroupPlan[] groups) = Entries(group.Fields, scope);
        return new GroupPlan
        {
            Container = container,
            Element = container < 0 ? null : scope.Tree.Build(),
            FirstSlot = firstSlot,
            SlotCount = container < 0 ? 0 : outer.Slots.Count - firstSlot,
            Depth = scope.Depth,
            Keys = keys,
            Except = FieldCompiler.Utf8(group.Except.Select(key => key.Value)),
            Only = group.Only,
            When = when,
            Device = device,
            Family = group.Family ?? "",
            Time = time,
            Fields = fields,
            Groups = groups,
        };
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
