using System.Text;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Fields;

/// <summary>The device's words or codes, and the value each stands for.</summary>
internal sealed class WordMap(IReadOnlyList<(string Key, double Value)> entries, double? other = null)
{
    /// <summary>What firmware writes for on and off, whichever way it likes.</summary>
    public static readonly WordMap Booleans = new(
    [
        ("true", 1), ("false", 0), ("ON", 1), ("OFF", 0), ("on", 1), ("off", 0), ("On", 1), ("Off", 0), ("True", 1), ("False", 0),
        ("TRUE", 1), ("FALSE", 0), ("yes", 1), ("no", 0), ("open", 1), ("closed", 0), ("online", 1), ("offline", 0),
    ]);

    private readonly (byte[] Text, double Number, double Value)[] _entries =
    [
        .. entries.Select(entry =>
            (Encoding.UTF8.GetBytes(entry.Key), YamlMap.TryNumber(entry.Key, out double number) ? number : double.NaN, entry.Value)),
    ];

    public bool TryMap(ReadOnlySpan<byte> text, out double value)
    {
        foreach ((byte[] candidate, _, double result) in _entries)
        {
            if (text.SequenceEqual(candidate))
            {
                value = result;
                return true;
            }
        }

        value = other ?? 0;
        return other is not null;
    }

    public bool TryMap(double number, out double value)
    {
        foreach ((_, double candidate, double result) in _entries)
        {
            if (number == candidate)
            {
                value = result;
                return true;
            }
        }

        value = other ?? 0;
        return other is not null;
    }
}
