using Ioc.Profiles.Fields;

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

    /// <summary>Which elements are counted.</summary>
    public IReadOnlyList<ConditionConfig> Where { get; init; } = [];
    public int? At { get; init; }

    /// <summary>It begins where the field before it ended.</summary>
    public bool Next { get; init; }
    /// <summary>Address of a Modbus register.</summary>
    public int? Register { get; init; }
    public BinaryType? BinaryType { get; init; }
    public ByteOrder? Order { get; init; }
    public double? Mask { get; init; }
    public int? Shift { get; init; }
    public BitsConfig? Bits { get; init; }

    /// <summary>A frame too short for it gives no value instead of being set aside.</summary>
    public bool Optional { get; init; }
    public MarkedText? Unit { get; init; }

    /// <summary>The unit, where message or registry name it; <see cref="Unit"/> is null then.</summary>
    public UnitConfig? UnitFrom { get; init; }

    /// <summary>How numbers are written; null for the usual way.</summary>
    public NumberFormat? Number { get; init; }
    public double? Scale { get; init; }
    public double? Offset { get; init; }
    public IReadOnlyList<MarkedText> Sentinels { get; init; } = [];
    public double? SentinelBelow { get; init; }
    public double? SentinelAbove { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public bool DropOutside { get; init; }
    public IReadOnlyList<(MarkedText Key, MarkedText Value)> Map { get; init; } = [];

    /// <summary>How the map is asked.</summary>
    public MapForm MapForm { get; init; }

    /// <summary>What stands between the words of a list.</summary>
    public string Separators { get; init; } = "";
    public bool Invert { get; init; }
    public ChannelConfig? Channel { get; init; }
    public IReadOnlyList<ConditionConfig> When { get; init; } = [];

    /// <summary>Doubt put on every reading of the message when this value is not zero.</summary>
    public MarkedText? Marks { get; init; }
    public TimeConfig? Time { get; init; }
}

/// <summary>A unit that the message or the registry names.</summary>
/// <param name="Mark">Where it was written.</param>
/// <param name="Path">The member that names it.</param>
/// <param name="After">What stands between number and unit, where both are one text.</param>
/// <param name="Parameter">The device parameter that names it where the message does not.</param>
/// <param name="Default">The unit where nothing names one.</param>
/// <param name="Map">The device's own words for units.</param>
internal sealed record UnitConfig(
    SourceMark Mark,
    MarkedText? Path,
    string? After,
    MarkedText? Parameter,
    MarkedText? Default,
    IReadOnlyList<(MarkedText Key, MarkedText Value)> Map);

/// <summary>Some of a number's bits.</summary>
/// <param name="From">The first.</param>
/// <param name="Count">How many.</param>
/// <param name="FromTop"><paramref name="From"/> counts from the highest bit down.</param>
internal readonly record struct BitsConfig(int From, int Count, bool FromTop);

/// <summary>The order of a number's bytes.</summary>
internal enum ByteOrder
{
    Big,
    Little,

    /// <summary>16-bit words, the lowest first, each with its high byte first.</summary>
    Swapped,

    /// <summary>16-bit words, the highest first, each with its low byte first.</summary>
    LittleSwapped,
}

/// <summary>Shape of a number in a binary body. What comes from <see cref="Bcd8"/> on holds two decimal digits per byte.</summary>
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
    U40,
    I40,
    U48,
    I48,
    U64,
    I64,
    F16,
    F32,
    F64,
    Varint,
    Zigzag,
    Bcd8,
    Bcd16,
    Bcd24,
    Bcd32,
    Bcd40,
    Bcd48,
    Bcd64,
}
