using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles a time.</summary>
internal static class TimeCompiler
{
    public static TimePlan Compile(TimeConfig time, CompileScope scope, bool isEnvelope = false)
    {
        TimePattern? pattern = null;
        if (time.Pattern is { } text && !TimePattern.TryParse(text.Value, out pattern, out string problem))
            scope.Errors.Add(text.Mark, $"pattern '{text.Value}' cannot be read: {problem}");

        BinaryNumber? binary = null;
        if (time.At is { } at)
        {
            if (scope.Codec != BodyCodec.Binary || time.Form is TimeForm.Iso or TimeForm.Pattern)
                scope.Errors.Add(time.Mark, "a time 'at' an offset needs a binary body and 'form: epoch-s'");
            binary = new BinaryNumber(at, BinaryType.U32, scope.LittleEndian, ulong.MaxValue, 0);
        }

        return new TimePlan
        {
            Slots = [.. time.Paths.Select(scope.SlotOf).Where(slot => slot >= 0)],
            Binary = binary,
            Form = time.Form,
            Pattern = pattern,
            UtcZone = time.UtcZone,
            Optional = time.Optional,
            Past = time.Past,
            IsEnvelope = isEnvelope || time.FromServer,
        };
    }
}
