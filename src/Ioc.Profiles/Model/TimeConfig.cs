namespace Ioc.Profiles.Model;

/// <summary>Where a time is and how it is written.</summary>
internal sealed record TimeConfig(SourceMark Mark, IReadOnlyList<MarkedText> Paths, TimeForm Form, MarkedText? Pattern, int? At, bool UtcZone, bool Optional)
{
    /// <summary>It may lie years back: the reading of a billing day.</summary>
    public bool Past { get; init; }

    /// <summary>The network server wrote it, not the device.</summary>
    public bool FromServer { get; init; }
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
