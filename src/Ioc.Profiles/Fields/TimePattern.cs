using System.Text;

namespace Ioc.Profiles.Fields;

/// <summary>A compiled date pattern; anything in 'quotes' or no letter stands for itself.</summary>
internal sealed class TimePattern
{
    private const string Parts = "yyyy yy MM M MMM dd d HH H hh h tt mm m ss s fff z S";

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private readonly List<(char Part, int Width, byte[] Literal)> _steps = [];

    private TimePattern()
    {
    }

    public static bool TryParse(string pattern, out TimePattern result, out string problem)
    {
        result = new TimePattern();
        problem = pattern.Length > 100 ? "it is longer than 100 letters" : "";
        for (int i = 0; i < pattern.Length && problem.Length == 0;)
        {
            char letter = pattern[i];
            if (letter == '\'')
            {
                int end = pattern.IndexOf('\'', i + 1);
                if (end < 0)
                {
                    problem = "a quote is not closed";
                    return false;
                }

                result.Literal(pattern[(i + 1)..end]);
                i = end + 1;
                continue;
            }

            int run = 1;
            while (i + run < pattern.Length && pattern[i + run] == letter)
                run++;
            string part = pattern.Substring(i, run);
            if (!char.IsAsciiLetter(letter))
                result.Literal(part);
            else if (Parts.Split(' ').Contains(part))
                result._steps.Add((letter, run, []));
            else
                problem = $"'{part}' is not a part; parts are {Parts}, and letters stand in 'quotes'";
            i += run;
        }

        if (problem.Length == 0 && result.Has('h') != result.Has('t'))
            problem = "hh (to twelve) and tt (AM or PM) go together; HH counts to 23";
        return problem.Length == 0;
    }

    /// <summary>Reads a text as ticks since 1970, of a wall clock or in UTC.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long ticks, out WallClock clock)
    {
        ticks = 0;
        clock = WallClock.Device;
        var date = new Calendar { Year = 1970, Month = 1, Day = 1 };
        foreach ((char part, int width, byte[] literal) in _steps)
        {
            bool read = part switch
            {
                '\'' => TryLiteral(ref text, literal),
                'M' when width == 3 => TryMonth(ref text, ref date),
                't' => TryHalf(ref text, ref date),
                'S' => TrySeason(ref text, ref clock),
                'z' => TryZone(ref text, ref date, ref clock),
                _ => TryNumber(ref text, part, width, ref date),
            };
            if (!read)
                return false;
        }

        int hour = date.IsAfternoon is { } afternoon ? (date.Hour % 12) + (afternoon ? 12 : 0) : date.Hour;
        bool isHour = date.IsAfternoon is null || date.Hour is >= 1 and <= 12;
        if (!isHour || !text.IsEmpty || !TimeText.TryTicks(date.Year, date.Month, date.Day, hour, date.Minute, date.Second, out ticks))
            return false;

        ticks += (date.Millisecond * 10_000L) - date.Offset;
        return true;
    }

    private static bool TryLiteral(ref ReadOnlySpan<byte> text, byte[] literal)
    {
        bool isThere = text.StartsWith(literal);
        text = isThere ? text[literal.Length..] : text;
        return isThere;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, char part, int width, ref Calendar date)
    {
        // A part of one letter takes the one or two digits there are.
        if (width == 1 && text.Length > 1 && char.IsAsciiDigit((char)text[1]))
            width = 2;
        if (!TimeText.Digits(text, 0, width, out int value))
            return false;

        text = text[width..];
        switch (part)
        {
            case 'y': date.Year = width == 2 ? 2000 + value : value; break;
            case 'M': date.Month = value; break;
            case 'd': date.Day = value; break;
            case 'H' or 'h': date.Hour = value; break;
            case 'm': date.Minute = value; break;
            case 's': date.Second = value; break;
            default: date.Millisecond = value; break;
        }

        return true;
    }

    private static bool TryMonth(ref ReadOnlySpan<byte> text, ref Calendar date)
    {
        if (text.Length < 3)
            return false;

        date.Month = 0;
        for (int i = 0; i < Months.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(text[..3], Months[i]))
                date.Month = i + 1;
        }

        text = text[3..];
        return date.Month > 0;
    }

    private static bool TryHalf(ref ReadOnlySpan<byte> text, ref Calendar date)
    {
        if (text.Length < 2 || !(Ascii.EqualsIgnoreCase(text[..2], "AM") || Ascii.EqualsIgnoreCase(text[..2], "PM")))
            return false;

        date.IsAfternoon = (text[0] | 0x20) == 'p';
        text = text[2..];
        return true;
    }

    private static bool TrySeason(ref ReadOnlySpan<byte> text, ref WallClock clock)
    {
        if (text.IsEmpty || text[0] is not ((byte)'S' or (byte)'W'))
            return false;

        clock = text[0] == 'S' ? WallClock.Summer : WallClock.Winter;
        text = text[1..];
        return true;
    }

    private static bool TryZone(ref ReadOnlySpan<byte> text, ref Calendar date, ref WallClock clock)
    {
        // The offset is the last thing that a time can say of its clock; what follows it has no digits of its own.
        int length = text.IsEmpty ? 0 : text[0] is (byte)'Z' or (byte)'z' ? 1 : text.Length >= 6 && text[3] == ':' ? 6 : Math.Min(text.Length, 5);
        if (length == 0 || !TimeText.TryOffset(text[..length], out date.Offset, out _))
            return false;

        clock = WallClock.Utc;
        text = text[length..];
        return true;
    }

    private bool Has(char part) => _steps.Exists(step => step.Part == part);

    private void Literal(string text) => _steps.Add(('\'', 0, Encoding.UTF8.GetBytes(text)));

    private struct Calendar
    {
        public int Year;
        public int Month;
        public int Day;
        public int Hour;
        public int Minute;
        public int Second;
        public int Millisecond;
        public bool? IsAfternoon;
        public long Offset;
    }
}
