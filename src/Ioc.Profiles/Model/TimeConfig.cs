namespace Ioc.Profiles.Model;

/// <summary>Where a time is and how it is written.</summary>
internal sealed record TimeConfig(SourceMark Mark)
{
    public IReadOnlyList<MarkedText> Paths { get; init; } = [];
    public TimeForm Form { get; init; }
    public MarkedText? Pattern { get; init; }
    public int? At { get; init; }

    /// <summary>Shape of the number at <see cref="At"/>; u32 where nothing is said.</summary>
    public BinaryType? BinaryType { get; init; }
    public bool UtcZone { get; init; }
    public bool Optional { get; init; }

    /// <summary>It may lie years back: the reading of a billing day.</summary>
    public bool Past { get; init; }

    /// <summary>The network server wrote it, not the device.</summary>
    public bool FromServer { get; init; }

    /// <summary>What is added to it.</summary>
    public TimeShiftConfig? Plus { get; init; }

    /// <summary>Where the beginning of the interval is that ends at this time.</summary>
    public MarkedText? Start { get; init; }

    /// <summary>Name of the interval's length in seconds, for expressions.</summary>
    public MarkedText? As { get; init; }
}

/// <summary>A span between a base time and the time meant; exactly one source is set.</summary>
internal sealed record TimeShiftConfig(SourceMark Mark)
{
    public MarkedText? Path { get; init; }

    /// <summary>A field named with 'as', which must stand above the group.</summary>
    public MarkedText? Value { get; init; }
    public int? At { get; init; }
    public BinaryType? BinaryType { get; init; }
    public MarkedText? Unit { get; init; }

    /// <summary>It lies so long before the base.</summary>
    public bool Back { get; init; }
}

/// <summary>How a time is written.</summary>
internal enum TimeForm
{
    /// <summary>ISO 8601; without an offset it is the device's local time. Of an interval (two times with a stroke between) the end counts.</summary>
    Iso,

    /// <summary>Seconds since 1970, with or without a fraction.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMilliseconds,

    /// <summary>A pattern of the profile's own.</summary>
    Pattern,
}
