namespace Ioc.Load.Messages;

/// <summary>Decimal digits of a fixed width, written and read in place.</summary>
internal static class Digits
{
    /// <summary>Fills <paramref name="at"/> with the value's last digits, zeros in front.</summary>
    public static void Write(Span<byte> at, long value)
    {
        for (int i = at.Length - 1; i >= 0; i--)
        {
            (value, long digit) = Math.DivRem(value, 10);
            at[i] = (byte)('0' + digit);
        }
    }

    /// <summary>The value of digits; -1 when there is something else.</summary>
    public static long Read(ReadOnlySpan<byte> at)
    {
        long value = 0;
        foreach (byte c in at)
        {
            int digit = c - '0';
            if ((uint)digit > 9)
                return -1;
            value = value * 10 + digit;
        }

        return value;
    }
}
