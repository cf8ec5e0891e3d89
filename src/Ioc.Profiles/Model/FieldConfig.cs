namespace Ioc.Profiles.Model;

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
