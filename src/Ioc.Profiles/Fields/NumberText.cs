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

    /// <summary>Cuts blanks, line ends and NULs off both ends.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\0"u8);

    private static bool General(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
