using System.Text;

namespace Ioc.Profiles.Fields;

/// <summary>A compiled date pattern: yyyy yy MM dd HH mm ss fff, anything in 'quotes' or no letter stands for itself.</summary>
internal sealed class TimePattern
{
    private readonly List<(char Part, int Width, byte[] Literal)> _steps = [];

    private TimePattern()
    {
    }

    public static bool TryParse(string pattern, out TimePattern result, out string problem)
    {
        result = new TimePattern();
        problem = "";
        for (int i = 0; i < pattern.Length;)
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
            if (!char.IsAsciiLetter(letter))
            {
                result.Literal(pattern.Substring(i, run));
            }
            else if ((letter, run) is ('y', 4) or ('y', 2) or ('M', 2) or ('d', 2) or ('H', 2) or ('m', 2) or ('s', 2) or ('f', 3))
            {
                result._steps.Add((letter, run, []));
            }
            else
            {
                problem = $"'{pattern.Substring(i, run)}' is not a part; parts are yyyy yy MM dd HH mm ss fff, and letters stand in 'quotes'";
                return false;
            }

            i += run;
        }

        return true;
    }

    /// <summary>Reads a text as wall-clock ticks since 1970.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
        foreach ((char part, int width, byte[] literal) in _steps)
        {
            if (part == '\'')
            {
                if (!text.StartsWith(literal))
                    return false;
                text = text[literal.Length..];
                continue;
            }

            if (!TimeText.Digits(text, 0, width, out int value))
                return false;
            text = text[width..];
            switch (part)
            {
                case 'y': year = width == 2 ? 2000 + value : value; break;
                case 'M': month = value; break;
                case 'd': day = value; break;
                case 'H': hour = value; break;
                case 'm': minute = value; break;
                case 's': second = value; break;
                default: millisecond = value; break;
            }
        }

        if (!text.IsEmpty || !TimeText.TryTicks(year, month, day, hour, minute, second, out ticks))
            return false;

        ticks += millisecond * 10_000L;
        return true;
    }

    private void Literal(string text) => _steps.Add(('\'', 0, Encoding.UTF8.GetBytes(text)));
}
