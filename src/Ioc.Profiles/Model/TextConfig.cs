namespace Ioc.Profiles.Model;

/// <summary>How a group takes a text apart: the body's, or that of a member.</summary>
internal sealed record TextConfig(SourceMark Mark)
{
    /// <summary>The member that holds the text; null for the body.</summary>
    public MarkedText? In { get; init; }

    /// <summary>A regular expression; its named groups are the parts.</summary>
    public MarkedText? Match { get; init; }

    /// <summary>What stands between the parts.</summary>
    public MarkedText? Split { get; init; }

    /// <summary>What stands around a part that may hold separators.</summary>
    public MarkedText? Quote { get; init; }

    /// <summary>Names of the parts by their place.</summary>
    public IReadOnlyList<MarkedText> Parts { get; init; } = [];

    /// <summary>The first line names the parts (or is passed over, where <see cref="Parts"/> does).</summary>
    public bool Header { get; init; }

    /// <summary>Every line is a record of its own.</summary>
    public bool Lines { get; init; }

    /// <summary>Every part is a turn of its own.</summary>
    public bool Values { get; init; }

    /// <summary>OBIS lines, or a whole telegram with its check sum.</summary>
    public ObisForm? Obis { get; init; }

    /// <summary>The text stands for bytes.</summary>
    public TextBytes? Bytes { get; init; }
}

/// <summary>What OBIS lines stand in.</summary>
internal enum ObisForm
{
    /// <summary>One line or several, with nothing around them.</summary>
    Lines,

    /// <summary>A telegram from / to ! with a CRC16 behind it.</summary>
    Telegram,
}

/// <summary>How a text stands for bytes.</summary>
internal enum TextBytes
{
    Hex,
    Base64,
}
