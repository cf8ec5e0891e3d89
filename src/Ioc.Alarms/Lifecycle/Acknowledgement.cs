namespace Ioc.Alarms.Lifecycle;

/// <summary>What became of an operator's acknowledgement.</summary>
public enum AcknowledgeOutcome
{
    /// <summary>Taken, and saved.</summary>
    Acknowledged,

    /// <summary>The alarm has changed since the version that the operator saw; nothing was done.</summary>
    StaleVersion,

    /// <summary>Somebody else took note before; nothing was done.</summary>
    AlreadyAcknowledged,

    /// <summary>No such alarm.</summary>
    NotFound,
}

/// <summary>The answer to an acknowledgement.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Current">The alarm as it is now; null when there is none.</param>
public readonly record struct Acknowledgement(AcknowledgeOutcome Outcome, Alarm? Current);
