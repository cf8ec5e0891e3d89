namespace Ioc.Profiles.Tracing;

/// <summary>What became of one profile that listens to a message's topic.</summary>
public enum CandidateVerdict
{
    /// <summary>It decodes the message.</summary>
    Chosen,

    /// <summary>Its body is not in the message: an envelope without bytes, or something else than its codec reads.</summary>
    NoBody,

    /// <summary>A test of its <c>match.content</c> does not hold.</summary>
    OtherContent,

    /// <summary>It is only for devices that the registry assigns to it, and this one is not.</summary>
    NotAssigned,

    /// <summary>It fits, but the registry assigns the device to another profile.</summary>
    OtherAssigned,

    /// <summary>It fits, and so do others; the registry does not say which.</summary>
    Ambiguous,
}

/// <summary>A profile that listens to a message's topic, and what became of it.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Envelope">The envelope around its body; null when there is none.</param>
/// <param name="DeviceKey">The key of the message's device as this profile renders it; null when the message has none, or none that can be read.</param>
/// <param name="Carries">What the topic carries: readings, state, attributes or ignore.</param>
/// <param name="Fits">Body and content are its own.</param>
/// <param name="AssignedOnly">Chosen only for devices that the registry assigns to it.</param>
/// <param name="IsAssigned">The registry assigns the device to it; judged only where it matters.</param>
/// <param name="FailedTest">Number of the first test of its <c>match.content</c> that does not hold, from 1; 0 when all hold.</param>
/// <param name="Verdict">What became of it.</param>
public sealed record CandidateStep(
    string Profile, string? Envelope, string? DeviceKey, string Carries, bool Fits, bool AssignedOnly, bool IsAssigned, int FailedTest, CandidateVerdict Verdict);
