using Ioc.Profiles.Documents;
using Ioc.Profiles.Modbus;

namespace Ioc.Profiles.Model;

/// <summary>A <c>*.profile.yaml</c> as written: one firmware kind.</summary>
internal sealed record ProfileConfig
{
    public required SourceMark Mark { get; init; }
    public required MarkedText Name { get; init; }
    public required string Family { get; init; }
    public string Vendor { get; init; } = "";
    public string Model { get; init; } = "";
    public string Firmware { get; init; } = "";

    /// <summary>What topics carry that say nothing else, those of its envelope included.</summary>
    public TopicOutcome Outcome { get; init; }

    /// <summary>Empty when the envelope brings the topics.</summary>
    public IReadOnlyList<TopicConfig> Topics { get; init; } = [];
    public IReadOnlyList<ConditionConfig> Content { get; init; } = [];

    /// <summary>Content cannot tell this kind from others: only devices that the registry assigns to it are decoded with it.</summary>
    public bool AssignedOnly { get; init; }

    /// <summary>What kind of transport wraps the body: every envelope that <c>carries</c> it is combined with this profile.</summary>
    public MarkedText? Envelope { get; init; }
    public BodyCodec Codec { get; init; }

    /// <summary>How a document is written that is not plain JSON.</summary>
    public DocumentFormat? Format { get; init; }

    /// <summary>The bytes are a Modbus answer; null when they are anything else.</summary>
    public ModbusConfig? Modbus { get; init; }
    public bool LittleEndian { get; init; }

    /// <summary>A tag that the profile does not know sets the message aside; otherwise it ends the reading of the frame.</summary>
    public bool RejectUnknownTags { get; init; }

    /// <summary>The body is the envelope's decoded object rather than its bytes.</summary>
    public bool FromDecoded { get; init; }

    /// <summary>How the same device is read from the envelope's decoded object; null when the body has one form only.</summary>
    public DecodedConfig? Decoded { get; init; }

    /// <summary>Another form of the profile is read where the message has it.</summary>
    public bool IsSecondChoice { get; init; }
    public MarkedText? Device { get; init; }
    public TimeConfig? Time { get; init; }
    public IReadOnlyList<EntryConfig> Fields { get; init; } = [];

    /// <summary>What topics with the outcome attributes tell.</summary>
    public IReadOnlyList<EntryConfig> Attributes { get; init; } = [];
    public IReadOnlyList<ParameterConfig> Parameters { get; init; } = [];
    public IReadOnlyList<SemanticsConfig> Semantics { get; init; } = [];
    public IReadOnlyList<MarkedText> NeverStored { get; init; } = [];
    public IReadOnlyList<MarkedText> Rejected { get; init; } = [];
    public StateConfig? State { get; init; }
}

/// <summary>An <c>*.envelope.yaml</c> as written: where a network server puts device id, time, port and bytes.</summary>
internal sealed record EnvelopeConfig
{
    public required SourceMark Mark { get; init; }
    public required MarkedText Name { get; init; }
    public required MarkedText Carries { get; init; }
    public required IReadOnlyList<TopicConfig> Topics { get; init; }
    public required MarkedText Device { get; init; }
    public TimeConfig? Time { get; init; }
    public MarkedText? Port { get; init; }
    public MarkedText? Payload { get; init; }
    public BodyEncoding Encoding { get; init; }
    public MarkedText? Decoded { get; init; }

    /// <summary>What the network server knows of the device, by name: model, firmware. The first path that is there counts.</summary>
    public IReadOnlyList<(MarkedText Name, IReadOnlyList<MarkedText> Paths)> Facts { get; init; } = [];

    /// <summary>Readings of the link itself, given beside those of every body: rssi, snr.</summary>
    public IReadOnlyList<EntryConfig> Fields { get; init; } = [];
}

/// <summary>The second form of a profile: fields of the envelope's decoded object.</summary>
/// <param name="Mark">Where it stands.</param>
/// <param name="BytesFirst">It serves only messages without bytes; otherwise the bytes serve only messages without it.</param>
/// <param name="Time">Where in the object the time is; the envelope's when left out.</param>
/// <param name="Fields">The values.</param>
internal sealed record DecodedConfig(SourceMark Mark, bool BytesFirst, TimeConfig? Time, IReadOnlyList<EntryConfig> Fields);

/// <summary>How an envelope writes the bytes of a body.</summary>
internal enum BodyEncoding
{
    Base64,
    Hex,

    /// <summary>A text that is the body itself.</summary>
    Text,
}

/// <summary>How a body is read.</summary>
internal enum BodyCodec
{
    /// <summary>By paths: JSON, or what a <see cref="DocumentFormat"/> turns into JSON.</summary>
    Json,

    /// <summary>One value as text.</summary>
    Text,

    /// <summary>Fields at fixed offsets.</summary>
    Binary,
}

/// <summary>What a topic carries.</summary>
internal enum TopicOutcome
{
    /// <summary>Values to be stored.</summary>
    Readings,

    /// <summary>Online or offline.</summary>
    State,

    /// <summary>Facts about the device.</summary>
    Attributes,

    /// <summary>Nothing for us.</summary>
    Ignore,
}

/// <summary>One topic pattern and what arrives there.</summary>
/// <param name="Pattern">Levels with {captures}, + and a last #.</param>
/// <param name="Outcome">What it carries.</param>
/// <param name="Device">Another device template than the profile's; "none" when the message itself has no device.</param>
internal sealed record TopicConfig(MarkedText Pattern, TopicOutcome Outcome, MarkedText? Device);

/// <summary>A value that the registry supplies per device.</summary>
/// <param name="Name">Its name in the registry.</param>
/// <param name="About">What it is, for people.</param>
/// <param name="Default">Its value where the registry has none.</param>
/// <param name="Words">What it may be, where it is no number: its value is then the word's place.</param>
internal sealed record ParameterConfig(MarkedText Name, string About, double? Default, IReadOnlyList<MarkedText> Words);

/// <summary>How the counters of one metric behave on this device.</summary>
internal sealed record SemanticsConfig(MarkedText Metric, string? Kind, double? Wrap, MarkedText? Reset, bool Volatile);

/// <summary>Which words mean that a device is there.</summary>
internal sealed record StateConfig(SourceMark Mark, MarkedText? Path, IReadOnlyList<string> Online, IReadOnlyList<string> Offline);
