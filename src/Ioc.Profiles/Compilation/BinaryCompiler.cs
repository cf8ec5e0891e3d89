using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>Compiles where a number stands in a binary body.</summary>
internal static class BinaryCompiler
{
    public static BinaryNumber Compile(FieldConfig field, CompileScope scope)
    {
        BinaryType type = field.BinaryType ?? BinaryType.U8;
        string word = type.ToString().ToLowerInvariant();
        (ulong mask, int shift) = MaskOf(field, type, scope);
        if ((field.Bits is not null || field.Mask is not null || field.Shift is not null) && !BinaryNumber.IsUnsigned(type))
            scope.Errors.Add(field.Mark, $"bits, mask and shift give numbers without a sign, which {word} is not; say u8, u16, u24, u32, u40, u48 or u64");
        if (type is BinaryType.Varint or BinaryType.Zigzag && field.At < 0)
            scope.Errors.Add(field.Mark, $"where a {word} ends is only known from its front; a negative 'at' needs a type of fixed width");

        bool little = IsLittle(field, scope.LittleEndian);
        bool swapped = field.Order is ByteOrder.Swapped or ByteOrder.LittleSwapped;
        if (swapped && BinaryNumber.WidthOf(type) is not (4 or 8))
            scope.Errors.Add(field.Mark, $"'endian: swapped' is about the 16-bit words of four or eight bytes, which {word} has not");
        return new BinaryNumber(field.At ?? 0, type, little, mask, shift, swapped);
    }

    public static bool IsLittle(FieldConfig field, bool byDefault) =>
        field.Order is { } order ? order is ByteOrder.Little or ByteOrder.Swapped : byDefault;

    /// <summary>Which bits of the number the field takes, and how far they move.</summary>
    public static (ulong Mask, int Shift) BitsOf(FieldConfig field, BinaryType type)
    {
        if (field.Bits is not { } range)
            return (field.Mask is { } given and >= 0 ? (ulong)given : ulong.MaxValue, field.Shift ?? 0);

        int from = range.FromTop ? (BinaryNumber.WidthOf(type) * 8) - range.From - range.Count : range.From;
        from = Math.Clamp(from, 0, 63);
        return (BinaryNumber.Ones(range.Count) << from, from);
    }

    private static (ulong Mask, int Shift) MaskOf(FieldConfig field, BinaryType type, CompileScope scope)
    {
        int bits = BinaryNumber.WidthOf(type) * 8;
        (ulong mask, int shift) = BitsOf(field, type);
        if (field.Bits is { } range && (range.From < 0 || range.Count < 1 || range.From + range.Count > bits))
            scope.Errors.Add(field.Mark, $"bits {range.From} + {range.Count} do not fit into {bits} bits");
        if (shift < 0 || shift >= bits || (field.Mask is not null && (field.Mask < 0 || mask > BinaryNumber.Ones(bits))))
            scope.Errors.Add(field.Mark, $"mask or shift does not fit into {bits} bits");
        if (field.Bits is not null && (field.Mask ?? field.Shift) is not null)
            scope.Errors.Add(field.Mark, "say 'bits' or 'mask'/'shift', not both");
        return (mask, shift);
    }
}
