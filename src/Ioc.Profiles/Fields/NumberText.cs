using System.Buffers.Text;
using System.Globalization;

namespace Ioc.Profiles.Fields;

/// <summary>Numbers as devices write them.</summary>
internal static class NumberText
{
    private static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads a whole text as a finite number; a decimal point, never a comma.</summary>
    /// <remarks>
    /// Up to 15 digits are exact in a double, and so is the power of ten: their quotient is the correctly rounded value, in a fifth
    /// of the time of the general parser, which takes over for the rest.
    /// </remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        int i = 0;
        bool negative = false;
        if (text.Length > 0 && (text[0] == '-' || text[0] == '+'))
        {
            negative = text[0] == '-';
            i = 1;
        }

        long digits = 0;
        int count = 0;
        int fraction = -1;
        for (; i < text.Length; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                if (++count > 15)
                    return General(text, out value);
                if (fraction >= 0)
                    fraction++;
            }
            else if (text[i] == '.' && fraction < 0)
            {
                fraction = 0;
            }
            else
            {
                return General(text, out value);
            }
        }

        value = fraction > 0 ? digits / PowersOfTen[fraction] : digits;
        if (negative)
            value = -value;
        return count > 0;
    }

    /// <summary>Reads a whole text as the profile says that the device writes numbers.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, NumberFormat format, out double value)
    {
        if (format.IsHex)
            return TryHex(text, format.SignedBits, out value);

        // What is longer than any number is none.
        Span<byte> plain = stackalloc byte[64];
        value = 0;
        if (text.Length > plain.Length)
            return false;

        int length = 0;
        int group = -1;
        bool isWhole = true;
        foreach (byte letter in text)
        {
            if (letter == format.Thousands && isWhole && length > 0)
            {
                // 1.234.567: behind the first group all have three digits.
                if (group is not (-1 or 3))
                    return false;
                group = 0;
                continue;
            }

            if (letter == format.Decimal && isWhole)
            {
                isWhole = false;
                if (group is not (-1 or 3))
                    return false;
                plain[length++] = (byte)'.';
                continue;
            }

            if (letter is (byte)'.' or (byte)',')
                return false;
            if (isWhole && group >= 0)
                group++;
            plain[length++] = letter;
        }

        return (!isWhole || group is -1 or 3) && TryParse(plain[..length], out value);
    }

    /// <summary>Cuts blanks, line ends and NULs off both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\0"u8);

    private static bool TryHex(ReadOnlySpan<byte> text, int signedBits, out double value)
    {
        value = 0;
        if (text.StartsWith("0x"u8) || text.StartsWith("0X"u8))
            text = text[2..];
        if (text.Length > 16 || !Utf8Parser.TryParse(text, out ulong raw, out int used, 'x') || used != text.Length)
            return false;

        value = signedBits > 0 ? (long)(raw << (64 - signedBits)) >> (64 - signedBits) : raw;
        return signedBits is 0 or 64 || raw >> signedBits == 0;
    }

    private static bool General(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}

/// <summary>How a device writes numbers, where it is not the usual way.</summary>
/// <param name="Decimal">What stands before the fraction.</param>
/// <param name="Thousands">What stands between groups of three digits; 0 for nothing.</param>
/// <param name="IsHex">Hexadecimal digits, with or without 0x.</param>
/// <param name="SignedBits">Width of the two's complement that the hexadecimal digits are; 0 when they have no sign.</param>
internal sealed record NumberFormat(byte Decimal, byte Thousands, bool IsHex, int SignedBits);
