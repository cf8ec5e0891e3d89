using Ioc.Profiles.Preview;
using NodaTime;

namespace Ioc.Server.ProfileTools;

/// <summary>What the profiles make of one message; the JSON object of <c>ioc profile decode</c> and <c>POST /api/profiles/decode</c>.</summary>
/// <param name="Outcome">readings, state, attributes, ignore or reject.</param>
/// <param name="Device">Key of the message's device; null when it has none of its own.</param>
/// <param name="Profile">The profile chosen; null when none was.</param>
/// <param name="Readings">What would be stored.</param>
/// <param name="Absent">Metrics of the profile without a value in this message.</param>
/// <param name="State">Set when the outcome is state.</param>
/// <param name="Attributes">Facts about the device, by name; null when there are none.</param>
/// <param name="RejectReason">The quarantine reason; null unless the outcome is reject.</param>
/// <param name="RejectDetail">Profile and field at fault; never any of the payload.</param>
/// <param name="Candidates">The profiles that the topic leads to, and which of them fit the content.</param>
public sealed record DecodeView(
    string Outcome,
    string? Device,
    string? Profile,
    IReadOnlyList<DecodedReading> Readings,
    IReadOnlyList<AbsentField> Absent,
    DecodedState? State,
    IReadOnlyDictionary<string, object>? Attributes,
    string? RejectReason,
    string? RejectDetail,
    IReadOnlyList<CandidateView> Candidates);

/// <summary>One reading.</summary>
/// <param name="Device">Key of the device that measured.</param>
/// <param name="Metric">What it measured.</param>
/// <param name="Channel">Which of several; null where there is one.</param>
/// <param name="Value">A number in <paramref name="Unit"/>, a boolean or a word.</param>
/// <param name="Unit">The device's unit as the profile says it; null for booleans and words.</param>
/// <param name="Canonical">The same as it is stored.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="TimeSource">payload, envelope or receive; null when it cannot be told.</param>
/// <param name="Quality">good, or its doubts in snake_case with commas between them.</param>
/// <param name="Semantics">gauge, counter, delta, state or event.</param>
/// <param name="Delta">Always null for now: counters are not followed from message to message.</param>
/// <param name="CounterReset">Always null for now, for the same reason.</param>
public sealed record DecodedReading(
    string Device,
    string Metric,
    string? Channel,
    object Value,
    string? Unit,
    CanonicalValue Canonical,
    Instant Time,
    string? TimeSource,
    string Quality,
    string Semantics,
    double? Delta,
    Instant? CounterReset);

/// <summary>A value in the metric's own unit.</summary>
public sealed record CanonicalValue(object Value, string? Unit);

/// <summary>What a message says about its device's connection.</summary>
/// <param name="Online">Whether it is there.</param>
/// <param name="Retained">The message's RETAIN flag.</param>
public sealed record DecodedState(bool Online, bool Retained);

/// <summary>A profile that listens to the topic.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Envelope">The envelope around its body; null when there is none.</param>
/// <param name="Device">The device key as it renders it.</param>
/// <param name="Fits">Its conditions on the content hold.</param>
/// <param name="AssignedOnly">Chosen only for devices that the registry assigns to it.</param>
public sealed record CandidateView(string Profile, string? Envelope, string? Device, bool Fits, bool AssignedOnly);
