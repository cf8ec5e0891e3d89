using Ioc.Profiles.Model;
using Ioc.Profiles.Texts;

namespace Ioc.Profiles.Compilation;

/// <summary>The parts of a text that fields want: inside a group with 'text' a path is the name of one.</summary>
/// <param name="slots">Gives each its slot.</param>
/// <param name="isKnown">Whether the text can have such a part.</param>
/// <param name="known">What to write instead, for messages.</param>
internal sealed class PartTable(SlotCounter slots, Func<string, bool> isKnown, string known)
{
    private readonly List<(string Name, int Slot)> _wanted = [];

    /// <summary>What was asked for, in that order.</summary>
    public IReadOnlyList<(string Name, int Slot)> Wanted => _wanted;

    /// <summary>The slot of a part; −1 when it was told to be wrong.</summary>
    public int SlotOf(MarkedText name, CompileScope scope)
    {
        int place = _wanted.FindIndex(part => part.Name == name.Value);
        if (place >= 0)
            return _wanted[place].Slot;
        if (scope.Personal.Has(name.Value))
            scope.Errors.Add(name.Mark, CompileScope.PersonalMessage(name.Value));
        if (!isKnown(name.Value))
        {
            scope.Errors.Add(name.Mark, $"the text has no part '{name.Value}'; {known}; what is outside the text begins with $.");
            return -1;
        }

        if (_wanted.Count == TextPlan.MaxParts)
        {
            scope.Errors.Add(name.Mark, $"more than {TextPlan.MaxParts} parts of a text are used");
            return -1;
        }

        _wanted.Add((name.Value, slots.Take()));
        return _wanted[^1].Slot;
    }
}
