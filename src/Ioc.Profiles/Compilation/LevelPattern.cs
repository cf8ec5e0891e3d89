using System.Text;

namespace Ioc.Profiles.Compilation;

/// <summary>A part of a text: offset and length.</summary>
internal readonly record struct TextRange(int Start, int Length)
{
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
}

/// <summary>One topic level or object key: literal text with {captures} between.</summary>
internal sealed class LevelPattern
{
    private readonly List<byte[]> _literals = [];

    private LevelPattern()
    {
    }

    /// <summary>Names of the captures, left to right.</summary>
    public List<string> Captures { get; } = [];

    /// <summary>The pattern with the names left out: two patterns of one shape match the same texts.</summary>
    public string Shape => string.Join("{}", _literals.Select(Encoding.UTF8.GetString));

    public bool IsLiteral => Captures.Count == 0;

    public byte[] Literal => _literals[0];

    /// <summary>How particular it is: literal text first, then text with captures, then a bare capture.</summary>
    public int Rank => IsLiteral ? 0 : _literals.Exists(literal => literal.Length > 0) ? 1 : 2;

    public static bool TryParse(string text, out LevelPattern pattern, out string problem)
    {
        pattern = new LevelPattern();
        problem = "";
        int from = 0;
        while (true)
        {
            int open = text.IndexOf('{', from);
            if (open < 0)
            {
                pattern._literals.Add(Encoding.UTF8.GetBytes(text[from..]));
                return true;
            }

            int close = text.IndexOf('}', open);
            string name = close < 0 ? "" : text[(open + 1)..close];
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                problem = $"'{text}' needs a name of letters, digits and _ between {{ and }}";
                return false;
            }

            if (pattern.Captures.Count > 0 && open == from)
            {
                problem = $"'{text}' has two captures with nothing between them, so it is not clear where one ends";
                return false;
            }

            pattern._literals.Add(Encoding.UTF8.GetBytes(text[from..open]));
            pattern.Captures.Add(name);
            from = close + 1;
        }
    }

    /// <summary>Matches a part of a text.</summary>
    /// <param name="text">The whole text, which captures point into.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="captures">Filled from <paramref name="next"/> on.</param>
    /// <param name="next">First free place; moves past the captures.</param>
    public bool TryMatch(ReadOnlySpan<byte> text, int start, int length, Span<TextRange> captures, ref int next)
    {
        ReadOnlySpan<byte> part = text.Slice(start, length);
        if (IsLiteral)
            return part.SequenceEqual(_literals[0]);
        if (!part.StartsWith(_literals[0]))
            return false;

        int at = _literals[0].Length;
        for (int i = 0; i < Captures.Count; i++)
        {
            byte[] after = _literals[i + 1];
            bool isLast = i == Captures.Count - 1;
            int end = isLast ? length - after.Length : after.Length == 0 ? length : Find(part, at, after);
            if (end < at || (isLast && !part.EndsWith(after)) || next == captures.Length)
                return false;

            captures[next++] = new TextRange(start + at, end - at);
            at = end + after.Length;
        }

        return at == length;
    }

    private static int Find(ReadOnlySpan<byte> part, int from, byte[] what)
    {
        int found = part[from..].IndexOf(what);
        return found < 0 ? -1 : from + found;
    }
}
