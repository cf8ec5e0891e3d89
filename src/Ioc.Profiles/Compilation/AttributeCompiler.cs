using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles facts about the device.</summary>
internal static class AttributeCompiler
{
    private const int MaxNameLength = 48;

    public static AttributePlan? Compile(AttributeConfig attribute, CompileScope scope)
    {
        string name = attribute.Name.Value;
        if (name.Length > MaxNameLength || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'))
            scope.Errors.Add(attribute.Name.Mark, $"attribute '{name}' must be small letters, digits and _, at most {MaxNameLength} of them");
        if (attribute.Field is { Metric: not null } or { As: not null } or { Next: true } or { Unit: not null } or { UnitFrom: not null } or { Map.Count: > 0 } or { Time: not null } or { Channel: not null })
            scope.Errors.Add(attribute.Mark, "an attribute has no 'metric', 'as', 'unit', 'map', 'time', 'channel' or 'at: next'; name a value above it with 'as' and write it into 'text'");

        ConditionPlan[] when = ConditionCompiler.Compile(attribute.Field.When, scope);
        if (attribute.Text is { } text)
        {
            if (attribute.Field is not { Paths.Count: 0, Topic: null, Expression: null, CountOf: null, At: null })
                scope.Errors.Add(attribute.Mark, "an attribute has either 'text' or another source, not both");
            return TemplateCompiler.Compile(text, scope) is { } template ? new AttributePlan { Name = name, Text = template, When = when } : null;
        }

        // Its condition is judged by the plan, before the source is looked at.
        FieldConfig source = attribute.Field with { When = [] };
        return FieldCompiler.Compile(source, scope, isAttribute: true) is { } field ? new AttributePlan { Name = name, Field = field, When = when } : null;
    }
}
