using System.Text;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Fields;

/// <summary>How a text or number is looked up in a map.</summary>
internal enum MapForm
{
    /// <summary>The whole of it is a key.</summary>
    Whole,

    /// <summary>It is a list of words; the first key of the map that is among them counts.</summary>
    Words,

    /// <summary>Keys are bits of a number; the first key of the map whose bit is set counts.</summary>
    Bits,
}

/// <summary>The device's words or codes, and the value each stands for.</summary>
internal sealed class WordMap(IReadOnlyList<(string Key, double Value)> entries, double? other = null, MapForm form = MapForm.Whole, string separators = "")
{
    /// <summary>What firmware writes for on and off, whichever way it likes.</summary>
    public static readonly WordMap Booleans = new(
    [
        ("true", 1), ("false", 0), ("ON", 1), ("OFF", 0), ("on", 1), ("off", 0), ("On", 1), ("Off", 0), ("True", 1), ("False", 0),
        ("TRUE", 1), ("FALSE", 0), ("yes", 1), ("no", 0), ("open", 1), ("closed", 0), ("online", 1), ("offline", 0),
    ]);

    private readonly byte[] _separators = Encoding.UTF8.GetBytes(separators);

    private readonly (byte[] Text, double Number, double Value)[] _entries =
    [
        .. entries.Select(entry =>
            (Encoding.UTF8.GetBytes(entry.Key), YamlMap.TryNumber(entry.Key, out double number) ? number : double.NaN, entry.Value)),
    ];

    public bool TryMap(ReadOnlySpan<byte> text, out double value)
    {
        // A number that came as text is looked up as a number.
        value = 0;
        if (form == MapForm.Bits)
            return false;

        foreach ((byte[] candidate, _, double result) in _entries)
        {
            if (text.SequenceEqual(candidate) || (form == MapForm.Words && HasWord(text, candidate)))
            {
                value = result;
                return true;
            }
        }

        // No word at all is not some other word.
        value = other ?? 0;
        return other is not null && !(form == MapForm.Words && text.IsEmpty);
    }

    public bool TryMap(double number, out double value)
    {
        foreach ((_, double candidate, double result) in _entries)
        {
            if (form == MapForm.Bits ? ExpressionPlan.BitOf(number, candidate) == 1 : number == candidate)
            {
                value = result;
                return true;
            }
        }

        value = other ?? 0;
        return other is not null;
    }

    private bool HasWord(ReadOnlySpan<byte> text, byte[] word)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny(_separators);
            if (NumberText.Trim(end < 0 ? text : text[..end]).SequenceEqual(word))
                return word.Length > 0;

            text = end < 0 ? default : text[(end + 1)..];
        }

        return false;
    }
}
