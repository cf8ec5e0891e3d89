using Ioc.Profiles.Documents;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Modbus;
using Ioc.Profiles.Model;

namespace Ioc.Profiles.Compilation;

/// <summary>One profile as compiled for one topic pattern. Immutable; shared by all decoders.</summary>
internal sealed class DecodePlan
{
    public required string Profile { get; init; }
    public required string Family { get; init; }
    public required TopicOutcome Outcome { get; init; }
    public required BodyCodec Codec { get; init; }

    /// <summary>The payload has to be JSON: the body is, or the envelope is.</summary>
    public required bool NeedsJson { get; init; }

    /// <summary>Place of its body among the topic's documents; −1 when the body is the payload's own JSON, a text or bytes.</summary>
    public int Document { get; init; } = -1;

    /// <summary>Checks the body first; null when it is no Modbus answer.</summary>
    public ModbusPlan? Modbus { get; init; }

    /// <summary>The topic's middle level says what a message is, and some are no documents.</summary>
    public bool IsSparkplug { get; init; }
    public EnvelopePlan? Envelope { get; init; }
    public ConditionPlan[] Content { get; init; } = [];

    /// <summary>Chosen only for devices that the registry assigns to it.</summary>
    public bool AssignedOnly { get; init; }

    /// <summary>Null when the message itself has no device.</summary>
    public TemplatePlan? Device { get; init; }
    public required GroupPlan Root { get; init; }
    public StatePlan? State { get; init; }

    /// <summary>Slots whose presence refuses the message, and what quarantine then says.</summary>
    public (int Slot, string Detail)[] Rejected { get; init; } = [];
    public string[] ParameterNames { get; init; } = [];

    /// <summary>What each parameter may be, where it is a word; empty where it is a number.</summary>
    public string[][] ParameterWords { get; init; } = [];
    public double[] ParameterDefaults { get; init; } = [];

    public string Malformed => field ??= $"profile {Profile}: the payload is not what its codec promises";
    public string NoReadings => field ??= $"profile {Profile}: no field of the profile has a value";
    public string NoDevice => field ??= $"profile {Profile}: the device key is missing, empty or too long";
    public string DeviceRefused => field ??= $"profile {Profile}: the device is not registered and may not be created";
    public string DeviceOutOfService => field ??= $"profile {Profile}: the device is retired or rejected";
    public string TooManyReadings => field ??= $"profile {Profile}: more readings than one message may carry";
}

/// <summary>Where an envelope keeps port and bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">Slot of the port; −1 when it has none.</param>
/// <param name="Payload">Slot of the bytes' text; −1 when it has none.</param>
/// <param name="Encoding">How the bytes are written.</param>
internal sealed record EnvelopePlan(string Name, int Port, int Payload, BodyEncoding Encoding)
{
    /// <summary>Slot of the decoded object without which this form of the profile has nothing to read; −1 when it has one form.</summary>
    public int Needs { get; init; } = -1;

    /// <summary>Slot of what the other form of the profile reads, which is preferred; −1 when there is none.</summary>
    public int Unless { get; init; } = -1;

    public string Malformed { get; } =
        $"envelope {Name}: the payload member is not {(Encoding switch { BodyEncoding.Hex => "hexadecimal", BodyEncoding.Base64 => "base64", _ => "a" })} text";
}

/// <summary>Which words mean online and offline, and where the word is.</summary>
/// <param name="Slot">Slot of the member; −1 when the payload is the word.</param>
/// <param name="Online">Words for online.</param>
/// <param name="Offline">Words for offline.</param>
internal sealed record StatePlan(int Slot, byte[][] Online, byte[][] Offline);

/// <summary>All profiles that listen to one topic pattern, with one tree of all the paths they want.</summary>
internal sealed class TopicGroup
{
    public required TopicPattern Pattern { get; init; }
    public required DecodePlan[] Plans { get; init; }

    /// <summary>What is wanted of the payload's own JSON; null when none of them reads JSON.</summary>
    public JsonNode? Tree { get; init; }

    /// <summary>What else is read as a document: bodies of other codecs, bodies inside envelopes.</summary>
    public DocumentPlan[] Documents { get; init; } = [];
    public int SlotCount { get; init; }

    public string Malformed => field ??= $"profiles {Names}: the payload is not JSON";
    public string NoneFits => field ??= $"profiles {Names} listen to the topic, but none fits the content";
    public string SeveralFit => field ??= $"more than one of the profiles {Names} fits, and the registry assigns none of them to the device";

    private string Names => string.Join(", ", Plans.Select(plan => plan.Profile).Distinct());
}
