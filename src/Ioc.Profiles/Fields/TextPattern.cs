using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ioc.Profiles.Fields;

/// <summary>A regular expression over bytes: every byte is one letter to it, so what it finds is a place in the payload.</summary>
/// <remarks>Matching takes time linear in the text (no backtracking); the text's length is bounded besides.</remarks>
internal sealed class TextPattern
{
    /// <summary>Longest text that is looked at, in bytes.</summary>
    public const int MaxTextBytes = 8192;

    private const int MaxPatternLength = 500;
    private const int MaxGroups = 32;

    private readonly Regex _regex;

    private TextPattern(Regex regex)
    {
        _regex = regex;
        Groups = [.. regex.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]))];
    }

    /// <summary>Its named groups.</summary>
    public IReadOnlyList<string> Groups { get; }

    public static bool TryParse(string text, out TextPattern pattern, out string problem)
    {
        pattern = null!;
        problem = text.Length is 0 or > MaxPatternLength ? $"it has no letters or more than {MaxPatternLength}" : "";
        if (problem.Length > 0 || !TryToBytes(text, out string bytes, ref problem))
            return false;

        try
        {
            pattern = new TextPattern(new Regex(bytes, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            problem = refused is RegexParseException wrong ? $"{wrong.Error} at letter {wrong.Offset + 1}" : "it looks back, looks ahead or counts too far, which is not supported";
            return false;
        }

        if (pattern.Groups.Count <= MaxGroups)
            return true;

        problem = $"it has more than {MaxGroups} groups";
        return false;
    }

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxTextBytes)
            return false;

        char[] letters = ArrayPool<char>.Shared.Rent(text.Length);
        bool isMatch = _regex.IsMatch(letters.AsSpan(0, Encoding.Latin1.GetChars(text, letters)));
        ArrayPool<char>.Shared.Return(letters);
        return isMatch;
    }

    /// <summary>Number of a named group; −1 when there is none of that name.</summary>
    public int GroupOf(string name) => Groups.Contains(name) ? _regex.GroupNumberFromName(name) : -1;

    /// <summary>The first match; places in it are places in the text.</summary>
    /// <remarks>The only way to groups is by way of a string: texts are not among the kinds that decode without allocation.</remarks>
    public Match Find(ReadOnlySpan<byte> text) => text.Length > MaxTextBytes ? Match.Empty : _regex.Match(Encoding.Latin1.GetString(text));

    /// <summary>Letters beyond ASCII become the bytes of their UTF-8.</summary>
    private static bool TryToBytes(string text, out string bytes, ref string problem)
    {
        var result = new StringBuilder(text.Length);
        bool inClass = false;
        bool escaped = false;
        foreach (Rune letter in text.EnumerateRunes())
        {
            if (letter.IsAscii)
            {
                inClass = !escaped && letter.Value is '[' or ']' ? letter.Value == '[' : inClass;
                escaped = !escaped && letter.Value == '\\';
                result.Append(letter);
                continue;
            }

            if (inClass)
                problem = $"'{letter}' cannot stand in [ ]: it is more than one byte; write (?:a|b)";
            result.Append("(?:");
            foreach (byte one in Encoding.UTF8.GetBytes(letter.ToString()))
                result.Append(CultureInfo.InvariantCulture, $"\\x{one:X2}");
            result.Append(')');
            escaped = false;
        }

        bytes = result.ToString();
        return problem.Length == 0;
    }
}
