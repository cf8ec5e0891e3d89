using NodaTime;

namespace Ioc.Devices.Counters;

/// <summary>What happened to a register between two readings.</summary>
public enum CounterEvent : byte
{
    /// <summary>It counted on, or there is nothing to compare with.</summary>
    None,

    /// <summary>It went past its largest value and counted on from zero.</summary>
    Wrapped,

    /// <summary>It started again at zero: a reboot, midnight, a reset that the device tells of.</summary>
    Restarted,

    /// <summary>It fell for no declared reason: another meter, most likely. What was counted meanwhile is not known.</summary>
    Exchanged,
}

/// <summary>What one reading of a counter adds. By default nothing is known.</summary>
/// <param name="Delta">What was counted since the reading before, in the metric's unit, never negative; null when it is not known.</param>
/// <param name="Event">What happened in between.</param>
/// <param name="ResetAt">Since when the register counts, as far as known: what the device says, else the reading that first showed it.</param>
public readonly record struct CounterStep(double? Delta, CounterEvent Event, Instant? ResetAt);
