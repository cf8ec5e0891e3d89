using System.Buffers;

namespace Ioc.Profiles.Fields;

/// <summary>A unit that the message or the registry names, and how its values become the metric's.</summary>
internal sealed class UnitPlan
{
    private static readonly SearchValues<byte> NumberLetters = SearchValues.Create("+-0123456789.,"u8);

    /// <summary>Slot of the member that names it; −1 when none does.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>What stands between number and unit, where both are one text; null when they are not.</summary>
    public byte[]? After { get; init; }

    /// <summary>The device parameter that names it where the message does not; −1 when none does.</summary>
    public int Parameter { get; init; } = -1;

    /// <summary>What each word of that parameter means.</summary>
    public LinearMap[] ByParameter { get; init; } = [];

    /// <summary>The unit where nothing names one.</summary>
    public LinearMap? Default { get; init; }

    /// <summary>Names of units as the device writes them.</summary>
    public (byte[] Name, LinearMap Map)[] Names { get; init; } = [];

    /// <summary>The field's scale and offset: they come before the unit.</summary>
    public LinearMap Scale { get; init; } = LinearMap.Identity;

    /// <summary>Turns a value of the unit named beside it into one of the metric's.</summary>
    /// <returns>False when a unit is named that is not known, or none is: the value cannot be told.</returns>
    public bool TryApply(scoped ref Frame frame, ref double value)
    {
        bool isNamed = Slot >= 0 && frame.Slots[Slot].HasValue;
        if (isNamed)
            return TryApply(frame.Slots[Slot].Of(frame.Payload), ref value);

        double word = Parameter >= 0 && Parameter < frame.Parameters.Length ? frame.Parameters[Parameter] : double.NaN;
        LinearMap? map = word >= 0 && word < ByParameter.Length ? ByParameter[(int)word] : Default;
        if (map is not { } known)
            return false;

        value = known.Apply(Scale.Apply(value));
        return true;
    }

    /// <summary>Turns a value of a unit into one of the metric's.</summary>
    public bool TryApply(ReadOnlySpan<byte> unit, ref double value)
    {
        unit = NumberText.Trim(unit);
        if (unit.IsEmpty && Default is { } otherwise)
        {
            value = otherwise.Apply(Scale.Apply(value));
            return true;
        }

        foreach ((byte[] name, LinearMap map) in Names)
        {
            if (!unit.SequenceEqual(name))
                continue;

            value = map.Apply(Scale.Apply(value));
            return true;
        }

        return false;
    }

    /// <summary>Cuts a text into number and unit.</summary>
    public void Split(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> number, out ReadOnlySpan<byte> unit)
    {
        text = NumberText.Trim(text);
        int end = After is { Length: > 0 } ? text.IndexOf(After) : text.IndexOfAnyExcept(NumberLetters);
        number = end < 0 ? text : text[..end];
        unit = end < 0 ? default : text[(end + After!.Length)..];
    }
}
