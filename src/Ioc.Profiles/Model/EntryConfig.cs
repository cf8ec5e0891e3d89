namespace Ioc.Profiles.Model;

/// <summary>One item of a <c>fields:</c> list.</summary>
internal abstract record EntryConfig(SourceMark Mark);

/// <summary>One value of the body.</summary>
internal sealed record FieldConfig(SourceMark Mark) : EntryConfig(Mark)
{
    /// <summary>What it is stored as; null when it only serves an expression or a flag.</summary>
    public MarkedText? Metric { get; init; }

    /// <summary>Name for expressions.</summary>
    public MarkedText? As { get; init; }

    /// <summary>JSON paths, tried in order.</summary>
    public IReadOnlyList<MarkedText> Paths { get; init; } = [];
    public MarkedText? Topic { get; init; }
    public MarkedText? Expression { get; init; }
    public MarkedText? CountOf { get; init; }
    public int? At { get; init; }

    /// <summary>It begins where the field before it ended.</summary>
    public bool Next { get; init; }
    public BinaryType? BinaryType { get; init; }
    public bool? LittleEndian { get; init; }
    public double? Mask { get; init; }
    public int? Shift { get; init; }
    public (int From, int Count)? Bits { get; init; }

    /// <summary>A frame too short for it gives no value instead of being set aside.</summary>
    public bool Optional { get; init; }
    public MarkedText? Unit { get; init; }
    public double? Scale { get; init; }
    public double? Offset { get; init; }
    public IReadOnlyList<MarkedText> Sentinels { get; init; } = [];
    public double? SentinelBelow { get; init; }
    public double? SentinelAbove { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public bool DropOutside { get; init; }
    public IReadOnlyList<(MarkedText Key, MarkedText Value)> Map { get; init; } = [];
    public bool Invert { get; init; }
    public ChannelConfig? Channel { get; init; }
    public IReadOnlyList<ConditionConfig> When { get; init; } = [];

    /// <summary>Doubt put on every reading of the message when this value is not zero.</summary>
    public MarkedText? Marks { get; init; }
    public TimeConfig? Time { get; init; }
}

/// <summary>Fields that share an iteration, a condition, a device, a time or a channel.</summary>
internal sealed record GroupConfig(SourceMark Mark) : EntryConfig(Mark)
{
    /// <summary>Path of the array or object that is walked, element by element.</summary>
    public MarkedText? Each { get; init; }

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

/// <summary>Which of several: a template, optionally translated.</summary>
internal sealed record ChannelConfig(MarkedText Template, IReadOnlyList<(MarkedText Key, MarkedText Value)> Map);

/// <summary>Shape of a number in a binary body.</summary>
internal enum BinaryType
{
    U8,
    I8,
    U16,
    I16,
    U24,
    I24,
    U32,
    I32,
    F32,
    F64,
}

/// <summary>Where a time is and how it is written.</summary>
internal sealed record TimeConfig(SourceMark Mark, IReadOnlyList<MarkedText> Paths, TimeForm Form, MarkedText? Pattern, int? At, bool UtcZone, bool Optional)
{
    /// <summary>It may lie years back: the reading of a billing day.</summary>
    public bool Past { get; init; }
}

/// <summary>How a time is written.</summary>
internal enum TimeForm
{
    /// <summary>ISO 8601; without an offset it is the device's local time.</summary>
    Iso,

    /// <summary>Seconds since 1970, with or without a fraction.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMilliseconds,

    /// <summary>A pattern of the profile's own.</summary>
    Pattern,
}

/// <summary>A test on the message; exactly one of the subjects is set.</summary>
internal sealed record ConditionConfig(SourceMark Mark)
{
    public MarkedText? Exists { get; init; }
    public MarkedText? Missing { get; init; }
    public MarkedText? Path { get; init; }
    public MarkedText? Topic { get; init; }
    public bool Port { get; init; }
    public bool Length { get; init; }

    /// <summary>A field named with 'as'.</summary>
    public MarkedText? Value { get; init; }

    /// <summary>The bit of <see cref="Value"/> that has to be set.</summary>
    public int? Bit { get; init; }
    public MarkedText? Bytes { get; init; }
    public int At { get; init; }

    /// <summary>Accepted values; for port and length also what lies between <see cref="Min"/> and <see cref="Max"/>.</summary>
    public IReadOnlyList<MarkedText> In { get; init; } = [];
    public double? Min { get; init; }
    public double? Max { get; init; }
    public bool Negate { get; init; }
}
