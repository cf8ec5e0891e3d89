using System.Buffers.Text;

namespace Ioc.Profiles.Fields;

/// <summary>Times as text, read without a string: to ticks (100 ns) since 1970, finer digits cut.</summary>
internal static class TimeText
{
    public const long TicksPerSecond = 10_000_000;

    /// <summary>Reads ISO 8601: <c>2026-11-21T09:59:58.412376117Z</c>, with blank for T, with or without offset.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ticks">Ticks since 1970 in UTC, or of the wall clock when <paramref name="isLocal"/>.</param>
    /// <param name="isLocal">No offset stands in the text.</param>
    public static bool TryIso(ReadOnlySpan<byte> text, out long ticks, out bool isLocal)
    {
        ticks = 0;
        isLocal = true;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ' && text[10] != 't') || text[13] != ':')
            return false;
        if (!Digits(text, 0, 4, out int year) || !Digits(text, 5, 2, out int month) || !Digits(text, 8, 2, out int day)
            || !Digits(text, 11, 2, out int hour) || !Digits(text, 14, 2, out int minute))
        {
            return false;
        }

        int at = 16;
        int second = 0;
        if (at < text.Length && text[at] == ':')
        {
            if (!Digits(text, at + 1, 2, out second))
                return false;
            at += 3;
        }

        long fraction = 0;
        if (at < text.Length && (text[at] == '.' || text[at] == ','))
        {
            long unit = TicksPerSecond;
            for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
            {
                unit /= 10;
                fraction += (text[at] - '0') * unit;
            }
        }

        return TryTicks(year, month, day, hour, minute, second, out ticks)
            && TryOffset(text[at..], out long offset, out isLocal)
            && Shift(ref ticks, fraction - offset);
    }

    /// <summary>Puts calendar parts together.</summary>
    /// <returns>False when there is no such day or time.</returns>
    public static bool TryTicks(int year, int month, int day, int hour, int minute, int second, out long ticks)
    {
        ticks = 0;
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
            return false;

        ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks + (second * TicksPerSecond);
        return true;
    }

    /// <summary>Reads exactly <paramref name="count"/> digits.</summary>
    public static bool Digits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length)
            return false;

        for (int i = at; i < at + count; i++)
        {
            uint digit = (uint)text[i] - '0';
            if (digit > 9)
                return false;
            value = (value * 10) + (int)digit;
        }

        return true;
    }

    /// <summary>Reads seconds or milliseconds since 1970, which may have a fraction.</summary>
    public static bool TryEpoch(double value, double ticksPerUnit, out long ticks)
    {
        double exact = Math.Round(value * ticksPerUnit);
        bool possible = Math.Abs(exact) < 2.5e17;
        ticks = possible ? (long)exact : 0;
        return possible;
    }

    private static bool Shift(ref long ticks, long by)
    {
        ticks += by;
        return true;
    }

    /// <summary>Reads Z or an offset from UTC, which is all there is.</summary>
    public static bool TryOffset(ReadOnlySpan<byte> text, out long offset, out bool isLocal)
    {
        offset = 0;
        isLocal = text.IsEmpty;
        if (text.IsEmpty || (text.Length == 1 && (text[0] | 0x20) == 'z'))
            return true;
        if (text.Length < 3 || (text[0] != '+' && text[0] != '-') || !Digits(text, 1, 2, out int hours))
            return false;

        ReadOnlySpan<byte> rest = text[3..];
        if (rest.Length > 0 && rest[0] == ':')
            rest = rest[1..];
        int minutes = 0;
        if (rest.Length > 0 && (!Utf8Parser.TryParse(rest, out minutes, out int used) || used != rest.Length || minutes is < 0 or > 59))
            return false;

        offset = ((hours * 60L) + minutes) * 60 * TicksPerSecond;
        if (text[0] == '-')
            offset = -offset;
        return hours <= 18;
    }
}
