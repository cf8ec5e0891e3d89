using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Finds binary fields that claim the same bits: nearly always a wrong offset.</summary>
internal static class OverlapCheck
{
    public static void Run(IReadOnlyList<FieldConfig> fields, CompileScope scope)
    {
        // Fields under a condition may share a place on purpose: only one of them is there at a time.
        var claimed = new Dictionary<int, FieldConfig>();
        foreach (FieldConfig field in fields.Where(field => field is { At: not null, BinaryType: not null, When.Count: 0 }))
        {
            foreach (int bit in Bits(field, scope.LittleEndian))
            {
                if (claimed.TryAdd(bit, field))
                    continue;

                FieldConfig other = claimed[bit];
                scope.Errors.Add(
                    field.Mark,
                    $"field {Name(field)} at byte {field.At} overlaps field {Name(other)} at byte {other.At} (line {other.Mark.Line}); correct an offset, use 'bits', or give both a 'when'");
                break;
            }
        }
    }

    private static string Name(FieldConfig field) => (field.Metric ?? field.As ?? field.Marks)?.Value ?? "?";

    private static IEnumerable<int> Bits(FieldConfig field, bool littleByDefault)
    {
        int width = BinaryNumber.WidthOf(field.BinaryType!.Value);
        (ulong mask, _) = BinaryCompiler.BitsOf(field, field.BinaryType.Value);
        bool little = BinaryCompiler.IsLittle(field, littleByDefault);
        bool swapped = field.Order is ByteOrder.Swapped or ByteOrder.LittleSwapped && width > 2;
        for (int bit = 0; bit < width * 8; bit++)
        {
            if ((mask & (1UL << bit)) == 0)
                continue;

            int place = BinaryNumber.PlaceOf(bit / 8, width, little, swapped);

            // Offsets from the end are a region of their own, far below zero.
            yield return ((field.At!.Value + place) * 8) + (bit % 8) - (field.At < 0 ? 1 << 20 : 0);
        }
    }
}
