using System.Buffers.Binary;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Fields;

/// <summary>Where a number stands in a binary body and how it is read.</summary>
/// <param name="At">Offset of its first byte; negative counts from the end.</param>
/// <param name="Type">Width and sign.</param>
/// <param name="LittleEndian">Lowest byte first.</param>
/// <param name="Mask">Bits kept before the shift; all ones when none are dropped.</param>
/// <param name="Shift">Bits shifted out to the right.</param>
internal readonly record struct BinaryNumber(int At, BinaryType Type, bool LittleEndian, ulong Mask, int Shift)
{
    public int Width => WidthOf(Type);

    public static int WidthOf(BinaryType type) => type switch
    {
        BinaryType.U8 or BinaryType.I8 => 1,
        BinaryType.U16 or BinaryType.I16 => 2,
        BinaryType.U24 or BinaryType.I24 => 3,
        BinaryType.F64 => 8,
        _ => 4,
    };

    public static bool IsUnsigned(BinaryType type) => type is BinaryType.U8 or BinaryType.U16 or BinaryType.U24 or BinaryType.U32;

    public bool TryRead(ReadOnlySpan<byte> body, out double value)
    {
        value = 0;
        int width = Width;
        int at = At < 0 ? body.Length + At : At;
        if (at < 0 || at > body.Length - width)
            return false;

        ReadOnlySpan<byte> bytes = body.Slice(at, width);
        switch (Type)
        {
            case BinaryType.F32:
                value = LittleEndian ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes);
                return true;
            case BinaryType.F64:
                value = LittleEndian ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes);
                return true;
        }

        ulong raw = 0;
        for (int i = 0; i < width; i++)
            raw = (raw << 8) | bytes[LittleEndian ? width - 1 - i : i];

        if (Mask != ulong.MaxValue || Shift != 0)
            value = (raw & Mask) >> Shift;
        else if (Type is BinaryType.I8 or BinaryType.I16 or BinaryType.I24 or BinaryType.I32)
            value = (long)(raw << (64 - (8 * width))) >> (64 - (8 * width));
        else
            value = raw;
        return true;
    }
}
