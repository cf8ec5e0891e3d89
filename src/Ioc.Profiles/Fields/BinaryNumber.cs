using Ioc.Profiles.Model;

namespace Ioc.Profiles.Fields;

/// <summary>Where a number stands in a binary body and how it is read.</summary>
/// <param name="At">Offset of its first byte; negative counts from the end.</param>
/// <param name="Type">Width and sign.</param>
/// <param name="LittleEndian">Lowest byte first.</param>
/// <param name="Mask">Bits kept before the shift; all ones when none are dropped.</param>
/// <param name="Shift">Bits shifted out to the right.</param>
/// <param name="Swapped">The two bytes of each 16-bit word stand the other way round than the words do.</param>
internal readonly record struct BinaryNumber(int At, BinaryType Type, bool LittleEndian, ulong Mask, int Shift, bool Swapped = false)
{
    private const int MostVarintBytes = 10;

    /// <summary>Its bytes; the fewest, where the bytes themselves say how many.</summary>
    public int Width => WidthOf(Type);

    public static int WidthOf(BinaryType type) => type switch
    {
        BinaryType.U8 or BinaryType.I8 or BinaryType.Bcd8 or BinaryType.Varint or BinaryType.Zigzag => 1,
        BinaryType.U16 or BinaryType.I16 or BinaryType.F16 or BinaryType.Bcd16 => 2,
        BinaryType.U24 or BinaryType.I24 or BinaryType.Bcd24 => 3,
        BinaryType.U40 or BinaryType.I40 or BinaryType.Bcd40 => 5,
        BinaryType.U48 or BinaryType.I48 or BinaryType.Bcd48 => 6,
        BinaryType.U64 or BinaryType.I64 or BinaryType.F64 or BinaryType.Bcd64 => 8,
        _ => 4,
    };

    public static bool IsUnsigned(BinaryType type) =>
        type is BinaryType.U8 or BinaryType.U16 or BinaryType.U24 or BinaryType.U32 or BinaryType.U40 or BinaryType.U48 or BinaryType.U64;

    /// <summary>Where, within the number, the byte stands that is the n-th from the lowest.</summary>
    public static int PlaceOf(int n, int width, bool littleEndian, bool swapped) => (littleEndian ? n : width - 1 - n) ^ (swapped ? 1 : 0);

    /// <summary>A number with <paramref name="count"/> ones.</summary>
    public static ulong Ones(int count) => count >= 64 ? ulong.MaxValue : (1UL << Math.Max(count, 0)) - 1;

    public bool TryRead(ReadOnlySpan<byte> body, out double value) => TryRead(body, out value, out _);

    /// <summary>Reads the number.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="value">NaN when the bytes stand for no number.</param>
    /// <param name="used">Bytes it takes.</param>
    /// <returns>False when the body ends before it.</returns>
    public bool TryRead(ReadOnlySpan<byte> body, out double value, out int used)
    {
        value = 0;
        used = Width;
        int at = At < 0 ? body.Length + At : At;
        if (at < 0 || at > body.Length - used)
            return false;
        if (Type is BinaryType.Varint or BinaryType.Zigzag)
            return TryVarint(body[at..], out value, out used);

        ReadOnlySpan<byte> bytes = body.Slice(at, used);
        ulong raw = 0;
        for (int n = used - 1; n >= 0; n--)
            raw = (raw << 8) | bytes[PlaceOf(n, used, LittleEndian, Swapped)];

        value = Type switch
        {
            BinaryType.F16 => (double)BitConverter.UInt16BitsToHalf((ushort)raw),
            BinaryType.F32 => BitConverter.UInt32BitsToSingle((uint)raw),
            BinaryType.F64 => BitConverter.UInt64BitsToDouble(raw),
            >= BinaryType.Bcd8 => FromDecimals(raw),
            _ when Mask != ulong.MaxValue || Shift != 0 => (raw & Mask) >> Shift,
            _ when IsUnsigned(Type) => raw,
            _ => (long)(raw << (64 - (8 * used))) >> (64 - (8 * used)),
        };
        return true;
    }

    /// <summary>Two decimal digits per byte.</summary>
    private static double FromDecimals(ulong raw)
    {
        double value = 0;
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            ulong digit = (raw >> shift) & 0xF;
            if (digit > 9)
                return double.NaN;
            value = (value * 10) + digit;
        }

        return value;
    }

    /// <summary>Seven bits per byte, the lowest first; the top bit says that more follow.</summary>
    private bool TryVarint(ReadOnlySpan<byte> bytes, out double value, out int used)
    {
        ulong raw = 0;
        value = double.NaN;
        for (used = 0; used < Math.Min(bytes.Length, MostVarintBytes);)
        {
            byte next = bytes[used];
            raw |= (ulong)(next & 0x7F) << (7 * used);
            used++;
            if (next < 0x80)
            {
                value = Type == BinaryType.Zigzag ? (long)(raw >> 1) ^ -(long)(raw & 1) : raw;
                return true;
            }
        }

        return used == MostVarintBytes;
    }
}
