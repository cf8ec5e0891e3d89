using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>What a compiler of one profile needs to know where it stands: outside all iterations, or inside some.</summary>
internal sealed record CompileScope
{
    /// <summary>What a path to a fact of the envelope begins with.</summary>
    private const string FactPrefix = "$envelope.";

    public required string Profile { get; init; }
    public required BodyCodec Codec { get; init; }

    /// <summary>The body is a Modbus answer.</summary>
    public required bool HasRegisters { get; init; }
    public required bool LittleEndian { get; init; }
    public required MetricCatalogue Metrics { get; init; }
    public required ChannelTable Channels { get; init; }
    public required ProfileErrors Errors { get; init; }
    public required IReadOnlyList<string> Captures { get; init; }
    public required SlotCounter Slots { get; init; }
    public required JsonTreeBuilder Document { get; init; }

    /// <summary>Tree of the innermost element; the document's outside iterations.</summary>
    public required JsonTreeBuilder Tree { get; init; }

    /// <summary>What is put in front of paths outside iterations: the envelope's decoded object.</summary>
    public JsonPath? Prefix { get; init; }

    /// <summary>Paths may be used: the body or (for an envelope's own fields) the wrapping is JSON.</summary>
    public required bool HasMembers { get; init; }
    public required bool HasPort { get; init; }

    /// <summary>The payload's own document, outside all bodies.</summary>
    public required JsonTreeBuilder Envelope { get; init; }

    /// <summary>What the envelope tells of the device, and what any envelope of its kind does.</summary>
    public required IReadOnlyList<(MarkedText Name, IReadOnlyList<MarkedText> Paths)> Facts { get; init; }
    public required IReadOnlySet<string> KnownFacts { get; init; }
    public required Dictionary<string, int> Names { get; init; }
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>Parameters that are one of several words; the value is the word's place.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MarkedText>> ParameterWords { get; init; } = new Dictionary<string, IReadOnlyList<MarkedText>>();
    public IReadOnlyList<IReadOnlyList<string>> NeverStored { get; init; } = [];
    public IReadOnlyList<SemanticsConfig> Semantics { get; init; } = [];

    /// <summary>Members that no profile may read.</summary>
    public PersonalMembers Personal { get; init; } = PersonalMembers.None;

    /// <summary>Arrays walked in step with the innermost one, by the name that paths begin with.</summary>
    public IReadOnlyDictionary<string, JsonTreeBuilder> Beside { get; init; } = new Dictionary<string, JsonTreeBuilder>();

    /// <summary>Members that lead to the innermost element.</summary>
    public IReadOnlyList<string> Trail { get; init; } = [];
    public int Depth { get; init; } = -1;

    /// <summary>Values have their time and quality beside them.</summary>
    public bool HasCompanions { get; init; }

    /// <summary>Parts of the text that the group takes apart; null outside such a group.</summary>
    public PartTable? Parts { get; init; }

    /// <summary>Inside a part of a tag stream.</summary>
    public bool InTag { get; init; }
    public bool RejectUnknownTags { get; init; }
    public IReadOnlyList<(string Name, int Place)> KeyCaptures { get; init; } = [];
    public ChannelPlan? Channel { get; init; }

    public static string[] MembersOf(JsonPath path) => [.. path.Steps.Select(step => step.Member).OfType<string>()];

    public bool TryPath(MarkedText text, out JsonPath path)
    {
        if (!JsonPath.TryParse(text.Value, out path, out string problem))
        {
            Errors.Add(text.Mark, $"path '{text.Value}' cannot be read: {problem}");
            return false;
        }

        if (Parts is not null && !path.FromRoot)
        {
            Errors.Add(text.Mark, $"inside 'text' there are parts, nothing to walk: '{text.Value}' must begin with $.");
            return false;
        }

        if (!HasMembers)
        {
            Errors.Add(text.Mark, $"path '{text.Value}' needs a JSON body; say 'body: {{codec: json}}' or use 'at'");
            return false;
        }

        if (MembersOf(path).FirstOrDefault(Personal.Has) is { } personal)
            Errors.Add(text.Mark, PersonalMessage(personal));

        string[] whole = path.FromRoot ? MembersOf(path) : [.. Trail, .. MembersOf(path)];
        foreach (IReadOnlyList<string> never in NeverStored)
        {
            if (whole.Length >= never.Count && whole.Take(never.Count).SequenceEqual(never))
                Errors.Add(text.Mark, $"'{text.Value}' is listed under personal.never and may not be used; take one of the two out");
        }

        return true;
    }

    /// <summary>A fact of the envelope rather than a member of the body.</summary>
    public static bool IsFact(MarkedText? path) => path?.Value.StartsWith(FactPrefix, StringComparison.Ordinal) ?? false;

    /// <summary>The slot of a path; −1 when it was told to be wrong.</summary>
    public int SlotOf(MarkedText text)
    {
        if (IsFact(text))
            return SlotOfFact(text);
        if (Parts is not null && !text.Value.StartsWith("$.", StringComparison.Ordinal))
            return Parts.SlotOf(text, this);

        return TryPath(text, out JsonPath path) ? SlotOf(path) : -1;
    }

    /// <summary>The same scope where nothing is read: a test whether a member is there, the members that refuse a message.</summary>
    public CompileScope Unguarded() => this with { Personal = PersonalMembers.None, NeverStored = [] };

    public static string PersonalMessage(string member) =>
        $"'{member}' is a personal member (personal.yaml) and may not be read; take it out, or refuse such messages with 'personal: {{reject: […]}}'";

    private int SlotOfFact(MarkedText text)
    {
        string name = text.Value[FactPrefix.Length..];
        if (!KnownFacts.Contains(name))
            Errors.Add(text.Mark, $"no envelope of the profile tells '{name}'; {(KnownFacts.Count == 0 ? "add it to its 'facts'" : $"known are {string.Join(", ", KnownFacts)}")}");

        var paths = new List<JsonPath>();
        foreach (MarkedText written in Facts.Where(fact => fact.Name.Value == name).SelectMany(fact => fact.Paths))
        {
            if (JsonPath.TryParse(written.Value, out JsonPath path, out string problem))
                paths.Add(path);
            else
                Errors.Add(written.Mark, $"path '{written.Value}' cannot be read: {problem}");
        }

        return Envelope.SlotOfFirst(paths);
    }

    public int SlotOf(JsonPath path)
    {
        if (!path.FromRoot && path.Steps is [{ Member: { } first }, ..] && Beside.TryGetValue(first, out JsonTreeBuilder? beside))
            return beside.SlotOf(new JsonPath(false, [.. path.Steps.Skip(1)]));

        if (Prefix is not null && Depth < 0 && !path.FromRoot)
            path = path.Below(Prefix);
        return (path.FromRoot ? Document : Tree).SlotOf(path);
    }
}
