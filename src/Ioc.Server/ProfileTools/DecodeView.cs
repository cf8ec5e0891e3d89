using System.Text.Json.Serialization;
using Ioc.Profiles.Tracing;
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
/// <param name="Candidates">The profiles that the topic leads to, and what became of each.</param>
/// <param name="Steps">Each field on its way from the message to a reading; null unless asked for.</param>
public sealed record DecodeView(
    string Outcome,
    string? Device,
    string? Profile,
    IReadOnlyList<DecodedReading> Readings,
    IReadOnlyList<AbsentMetric> Absent,
    DecodedState? State,
    IReadOnlyDictionary<string, object>? Attributes,
    string? RejectReason,
    string? RejectDetail,
    IReadOnlyList<CandidateView> Candidates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<StepView>? Steps = null);

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
/// <param name="Delta">What a counter counted since its reading before, in <paramref name="Unit"/>; null when that is not known.</param>
/// <param name="CounterEvent">wrapped, restarted or exchanged since its reading before; null when it just counted on.</param>
/// <param name="CounterReset">Since when a counter counts, as far as known.</param>
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
    string? CounterEvent,
    Instant? CounterReset);

/// <summary>A value in the metric's own unit.</summary>
public sealed record CanonicalValue(object Value, string? Unit);

/// <summary>What a message says about its device's connection.</summary>
/// <param name="Online">Whether it is there.</param>
/// <param name="Retained">The message's RETAIN flag.</param>
public sealed record DecodedState(bool Online, bool Retained);

/// <summary>A metric of the profile without a value in the message.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Channel">Which of several; null where there is one.</param>
/// <param name="Reason">missing, null, nan, sentinel, condition, unreadable, outOfRange or retainedCopy.</param>
public sealed record AbsentMetric(string Metric, string? Channel, string Reason);

/// <summary>A profile that listens to the topic.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Envelope">The envelope around its body; null when there is none.</param>
/// <param name="Device">The device key as it renders it.</param>
/// <param name="Fits">Its conditions on the content hold.</param>
/// <param name="AssignedOnly">Chosen only for devices that the registry assigns to it.</param>
/// <param name="Verdict">chosen, noBody, otherContent, notAssigned, otherAssigned or ambiguous.</param>
/// <param name="FailedTest">Number of the test of <c>match.content</c> that does not hold, from 1; null when all hold.</param>
public sealed record CandidateView(string Profile, string? Envelope, string? Device, bool Fits, bool AssignedOnly, string Verdict, int? FailedTest)
{
    internal static CandidateView Of(CandidateStep step) => new(
        step.Profile, step.Envelope, step.DeviceKey, step.Fits, step.AssignedOnly, Words.Of(step.Verdict), step.FailedTest == 0 ? null : step.FailedTest);
}
