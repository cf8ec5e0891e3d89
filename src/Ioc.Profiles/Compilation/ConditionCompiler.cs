using System.Text;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles the tests of <c>match.content</c> and <c>when</c>.</summary>
internal static class ConditionCompiler
{
    public static ConditionPlan[] Compile(IReadOnlyList<ConditionConfig> conditions, CompileScope scope) =>
        [.. conditions.Select(condition => Compile(condition, scope)).OfType<ConditionPlan>()];

    private static ConditionPlan? Compile(ConditionConfig config, CompileScope scope)
    {
        if ((config.Exists ?? config.Missing ?? config.Path) is { } path)
        {
            ConditionSubject subject = config.Exists is not null ? ConditionSubject.Exists
                : config.Missing is not null ? ConditionSubject.Missing : ConditionSubject.Member;
            int slot = (subject == ConditionSubject.Member ? scope : scope.Unguarded()).SlotOf(path);
            return slot < 0 ? null : OfText(config, subject, slot, scope);
        }

        if (config.Topic is { } topic)
        {
            int capture = scope.Captures.ToList().IndexOf(topic.Value);
            if (capture >= 0)
                return OfText(config, ConditionSubject.Capture, capture, scope);

            scope.Errors.Add(topic.Mark, $"the topic has no capture '{topic.Value}'");
            return null;
        }

        if (config.Bytes is { } bytes)
            return OfBytes(bytes, config.At, scope);
        if (config.Expression is { } expression)
            return new ConditionPlan { Subject = ConditionSubject.Expression, Expression = ExpressionCompiler.Compile(expression, scope) };
        if (config.Any is { } any)
            return new ConditionPlan { Subject = ConditionSubject.Any, Any = Compile(any, scope) };
        return config.Matches is not null ? OfText(config, ConditionSubject.Body, 0, scope) : OfNumber(config, scope);
    }

    private static ConditionPlan? OfBytes(MarkedText bytes, int at, CompileScope scope)
    {
        if (bytes.Value.Length > 0 && bytes.Value.Length % 2 == 0 && bytes.Value.All(char.IsAsciiHexDigit) && at >= 0)
            return new ConditionPlan { Subject = ConditionSubject.Bytes, Number = at, Texts = [Convert.FromHexString(bytes.Value)] };

        scope.Errors.Add(bytes.Mark, $"'bytes: {bytes.Value}' must be pairs of hexadecimal digits (in quotes), 'at' not negative");
        return null;
    }

    private static ConditionPlan OfText(ConditionConfig config, ConditionSubject subject, int number, CompileScope scope)
    {
        TextPattern? pattern = null;
        if (config.Matches is { } text && !TextPattern.TryParse(text.Value, out pattern, out string problem))
            scope.Errors.Add(text.Mark, $"pattern '{text.Value}' cannot be read: {problem}");
        return new ConditionPlan
        {
            Subject = subject,
            Number = number,
            Texts = [.. config.In.Select(value => Encoding.UTF8.GetBytes(value.Value))],
            Numbers = [.. config.In.Select(value => YamlMap.TryNumber(value.Value, out double known) ? known : double.NaN).Where(known => !double.IsNaN(known))],
            Min = config.Min ?? double.NegativeInfinity,
            Max = config.Max ?? double.PositiveInfinity,
            Negate = config.Negate,
            Is = config.Is ?? MemberKind.Unasked,
            Pattern = pattern,
        };
    }

    private static ConditionPlan? OfNumber(ConditionConfig config, CompileScope scope)
    {
        int named = -1;
        if (config.Value is { } value && !scope.Names.TryGetValue(value.Value, out named))
        {
            scope.Errors.Add(value.Mark, $"no field above is named '{value.Value}' with 'as'");
            return null;
        }

        var numbers = new List<double>();
        foreach (MarkedText text in config.In)
        {
            if (YamlMap.TryNumber(text.Value, out double number))
                numbers.Add(number);
            else
                scope.Errors.Add(text.Mark, $"'{text.Value}' must be a number");
        }

        if (config.Port && !scope.HasPort)
            scope.Errors.Add(config.Mark, "only an envelope has a port; say 'envelope' or test something else");
        return new ConditionPlan
        {
            Subject = named >= 0 ? ConditionSubject.Named : config.Port ? ConditionSubject.Port : ConditionSubject.Length,
            Number = Math.Max(named, 0),
            Bit = config.Bit ?? -1,
            Numbers = [.. numbers],
            Min = config.Min ?? double.NegativeInfinity,
            Max = config.Max ?? double.PositiveInfinity,
            Negate = config.Negate,
        };
    }
}
