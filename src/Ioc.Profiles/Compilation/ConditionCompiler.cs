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
        byte[][] texts = [.. config.In.Select(text => Encoding.UTF8.GetBytes(text.Value))];
        if ((config.Exists ?? config.Missing ?? config.Path) is { } path)
        {
            ConditionSubject subject = config.Exists is not null ? ConditionSubject.Exists
                : config.Missing is not null ? ConditionSubject.Missing : ConditionSubject.Member;
            int slot = scope.SlotOf(path);
            return slot < 0 ? null : new ConditionPlan { Subject = subject, Number = slot, Texts = texts, Negate = config.Negate };
        }

        if (config.Topic is { } topic)
        {
            int capture = scope.Captures.ToList().IndexOf(topic.Value);
            if (capture >= 0)
                return new ConditionPlan { Subject = ConditionSubject.Capture, Number = capture, Texts = texts, Negate = config.Negate };

            scope.Errors.Add(topic.Mark, $"the topic has no capture '{topic.Value}'");
            return null;
        }

        if (config.Bytes is { } bytes)
        {
            if (bytes.Value.Length > 0 && bytes.Value.Length % 2 == 0 && bytes.Value.All(char.IsAsciiHexDigit) && config.At >= 0)
                return new ConditionPlan { Subject = ConditionSubject.Bytes, Number = config.At, Texts = [Convert.FromHexString(bytes.Value)] };

            scope.Errors.Add(bytes.Mark, $"'bytes: {bytes.Value}' must be pairs of hexadecimal digits (in quotes), 'at' not negative");
            return null;
        }

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
