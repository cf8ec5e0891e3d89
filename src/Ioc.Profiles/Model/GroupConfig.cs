namespace Ioc.Profiles.Model;

/// <summary>Fields that share an iteration, a condition, a device, a time or a channel.</summary>
internal sealed record GroupConfig(SourceMark Mark) : EntryConfig(Mark)
{
    /// <summary>Path of the array or object that is walked, element by element.</summary>
    public MarkedText? Each { get; init; }

    /// <summary>Arrays walked in step with it, by the name that paths call their element.</summary>
    public IReadOnlyList<(MarkedText Key, MarkedText Value)> With { get; init; } = [];

    /// <summary>Pattern that an object's key has to match; its {captures} serve templates.</summary>
    public MarkedText? Keys { get; init; }
    public IReadOnlyList<MarkedText> Except { get; init; } = [];
    public ElementKind Only { get; init; }
    public IReadOnlyList<ConditionConfig> When { get; init; } = [];
    public MarkedText? Device { get; init; }
    public string? Family { get; init; }
    public TimeConfig? Time { get; init; }
    public ChannelConfig? Channel { get; init; }

    /// <summary>Hexadecimal bytes that announce this part of a tag stream; xx is any byte.</summary>
    public MarkedText? Tag { get; init; }

    /// <summary>Bytes after the tag.</summary>
    public int? Length { get; init; }

    /// <summary>Where, after the tag, an u8 says how many bytes follow it.</summary>
    public int? LengthAt { get; init; }

    /// <summary>Read again and again: to the 'end' of the frame, or as often as a named field says.</summary>
    public MarkedText? Repeat { get; init; }

    /// <summary>The group takes a text apart; paths are then the names of its parts.</summary>
    public TextConfig? Text { get; init; }

    /// <summary>Doubt on every reading of the group.</summary>
    public MarkedText? Quality { get; init; }
    public IReadOnlyList<EntryConfig> Fields { get; init; } = [];
}

/// <summary>Which elements an iteration takes.</summary>
internal enum ElementKind
{
    /// <summary>All of them.</summary>
    Any,

    /// <summary>Objects only.</summary>
    Objects,

    /// <summary>Arrays only.</summary>
    Arrays,

    /// <summary>Numbers, texts and booleans only.</summary>
    Values,
}
