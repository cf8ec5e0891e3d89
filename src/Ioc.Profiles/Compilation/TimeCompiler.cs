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

        bool isEpoch = time.Form is TimeForm.EpochSeconds or TimeForm.EpochMilliseconds;
        if (time.At is not null && (scope.Codec != BodyCodec.Binary || !isEpoch))
            scope.Errors.Add(time.Mark, "a time 'at' an offset needs a binary body and 'form: epoch-s' or 'epoch-ms'");
        return new TimePlan
        {
            Slots = [.. time.Paths.Select(scope.SlotOf).Where(slot => slot >= 0)],
            Binary = time.At is { } at ? Number(at, time.BinaryType ?? BinaryType.U32, scope) : null,
            Form = time.Form,
            Pattern = pattern,
            UtcZone = time.UtcZone,
            Optional = time.Optional,
            Past = time.Past,
            IsEnvelope = isEnvelope || time.FromServer,
            Plus = time.Plus is { } plus ? Shift(plus, scope) : null,
            Start = time.Start is { } start ? scope.SlotOf(start) : -1,
            PeriodName = time.As is { } name ? FieldCompiler.PlaceOf(name, scope) : -1,
        };
    }

    private static BinaryNumber Number(int at, BinaryType type, CompileScope scope) => new(at, type, scope.LittleEndian, ulong.MaxValue, 0);

    private static TimeShift Shift(TimeShiftConfig shift, CompileScope scope)
    {
        int named = -1;
        if (shift.Value is { } value && !scope.Names.TryGetValue(value.Value, out named))
            scope.Errors.Add(value.Mark, $"no field above is named '{value.Value}' with 'as'");
        if (shift.At is not null && scope.Codec != BodyCodec.Binary)
            scope.Errors.Add(shift.Mark, "'at' needs a binary body");

        LinearMap unit = LinearMap.Identity;
        if (shift.Unit is { } written && !Units.TryConvert(written.Value, "ms", out unit))
            scope.Errors.Add(written.Mark, $"unit '{written.Value}' is no unit of time; say ms, s, min, h or d");
        return new TimeShift(
            shift.Path is { } path ? scope.SlotOf(path) : -1,
            shift.Value is null ? -1 : Math.Max(named, 0),
            shift.At is { } at ? Number(at, shift.BinaryType ?? BinaryType.U8, scope) : null,
            unit,
            shift.Back);
    }
}
