using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Model;
using Ioc.Profiles.Texts;

namespace Ioc.Profiles.Fields;

/// <summary>Compiled fields that share an iteration, a condition, a device or a time. The root of a profile is one without iteration.</summary>
internal sealed class GroupPlan
{
    /// <summary>Deepest nesting of iterations.</summary>
    public const int MaxDepth = 4;

    /// <summary>Most captures of a key pattern.</summary>
    public const int MaxKeyCaptures = 4;

    /// <summary>Slot of the container walked; −1 when there is no iteration.</summary>
    public int Container { get; init; } = -1;

    /// <summary>What is wanted of each element.</summary>
    public JsonNode? Element { get; init; }

    /// <summary>Slots that each element fills anew.</summary>
    public int[] Slots { get; init; } = [];

    /// <summary>Arrays that are walked in step.</summary>
    public BesidePlan[] Beside { get; init; } = [];

    /// <summary>Keys that are passed over, whatever the profile wants of them.</summary>
    public PersonalMembers Personal { get; init; } = PersonalMembers.None;

    /// <summary>Depth of its iteration, from 0.</summary>
    public int Depth { get; init; }
    public LevelPattern? Keys { get; init; }
    public byte[][] Except { get; init; } = [];
    public ElementKind Only { get; init; }
    public ConditionPlan[] When { get; init; } = [];
    public TemplatePlan? Device { get; init; }

    /// <summary>What announces this part of a tag stream; null for other groups.</summary>
    public TagPlan? Tag { get; init; }

    /// <summary>The parts of a tag stream; they are tried in order on what is left of the frame.</summary>
    public GroupPlan[] Stream { get; init; } = [];

    /// <summary>What quarantine says of a tag that is not known; null when such a tag just ends the reading.</summary>
    public string? UnknownTag { get; init; }

    /// <summary>How the group takes a text apart; null when it does not.</summary>
    public TextPlan? Text { get; init; }

    /// <summary>Place of the named value that says how often the group is read; −1 to the end of the frame.</summary>
    public int? Repeat { get; init; }

    /// <summary>Named values that each turn forgets.</summary>
    public int[] Names { get; init; } = [];
    public Quality Quality { get; init; }
    public string Family { get; init; } = "";
    public TimePlan? Time { get; init; }
    public FieldPlan[] Fields { get; init; } = [];

    /// <summary>Facts about the device; read after the fields, whose names their texts may use.</summary>
    public AttributePlan[] Attributes { get; init; } = [];
    public GroupPlan[] Groups { get; init; } = [];
}
