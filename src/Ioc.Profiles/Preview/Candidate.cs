namespace Ioc.Profiles.Preview;

/// <summary>A profile that listens to a message's topic, and how far it fits.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Envelope">The envelope around its body; null when there is none.</param>
/// <param name="DeviceKey">The key of the message's device as this profile renders it; null when the message has none, or none that can be read.</param>
/// <param name="Carries">What the topic carries: readings, state, attributes or ignore.</param>
/// <param name="Fits">Its conditions on the content hold.</param>
/// <param name="AssignedOnly">Chosen only for devices that the registry assigns to it.</param>
/// <param name="Absent">Stored fields at the top of the profile that have no value in this message, and why.</param>
public sealed record Candidate(
    string Profile, string? Envelope, string? DeviceKey, string Carries, bool Fits, bool AssignedOnly, IReadOnlyList<AbsentField> Absent);

/// <summary>A field that gives no value.</summary>
/// <param name="Metric">What it would have measured.</param>
/// <param name="Reason">missing, null, nan, sentinel or condition; null when that cannot be told.</param>
public sealed record AbsentField(string Metric, string? Reason);
