using NodaTime;

namespace Ioc.Devices.Registry;

/// <summary>Administrative units of all times, looked up as of a day.</summary>
public sealed class AreaTree
{
    private readonly ILookup<string, Area> _byCode;

    /// <summary>Builds the tree.</summary>
    public AreaTree(IReadOnlyList<Area> all)
    {
        All = all;
        _byCode = all.ToLookup(area => area.Code, StringComparer.Ordinal);
    }

    /// <summary>Every unit, past ones too, in the order of the files.</summary>
    public IReadOnlyList<Area> All { get; }

    /// <summary>The unit that bore a code on a day; null when none did.</summary>
    public Area? Find(string code, LocalDate day) => _byCode[code].FirstOrDefault(area => area.IsValidOn(day));

    /// <summary>Whether any unit of any time bears a code.</summary>
    public bool Knows(string code) => _byCode.Contains(code);

    /// <summary>The units that existed on a day.</summary>
    public IEnumerable<Area> On(LocalDate day) => All.Where(area => area.IsValidOn(day));

    /// <summary>The units directly below another on a day.</summary>
    public IEnumerable<Area> ChildrenOf(string code, LocalDate day) => On(day).Where(area => area.Parent == code);

    /// <summary>Whether a unit is another, or lies below it, on a day.</summary>
    public bool IsWithin(string code, string ancestor, LocalDate day)
    {
        // Three levels at most; a tree read from files has no circles, since a parent is of a higher level.
        for (string? at = code; at is not null; at = Find(at, day)?.Parent)
        {
            if (at == ancestor)
                return true;
        }

        return false;
    }
}
