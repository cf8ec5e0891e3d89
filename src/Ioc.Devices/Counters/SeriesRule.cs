using Ioc.Devices.Metrics;

namespace Ioc.Devices.Counters;

/// <summary>How the values of one metric follow one another on one kind of device, as its profile says it. Immutable; shared by all its readings.</summary>
/// <param name="Kind">Wins over the metric's own semantics.</param>
/// <param name="Wrap">Where the register starts again at zero, in the metric's canonical unit; infinity when it does not, or nobody knows.</param>
/// <param name="IsVolatile">The register starts again at zero at every reboot, or at midnight, or every hour.</param>
/// <param name="HasMark">The device says beside the register since when it counts.</param>
public sealed record SeriesRule(Semantics Kind, double Wrap = double.PositiveInfinity, bool IsVolatile = false, bool HasMark = false)
{
    // A fall is a wrap when what went around is a small part of the register: devices report many times per round. Where a restart is
    // the likelier reason, it has to be a very small part.
    private const double NearWrap = 0.5;
    private const double NearWrapOfVolatile = 1.0 / 16;

    /// <summary>A counter of which no profile says more.</summary>
    public static readonly SeriesRule PlainCounter = new(Semantics.Counter);

    /// <summary>The most that a fall may have counted to be taken for a wrap.</summary>
    public double MaxWrapStep => double.IsFinite(Wrap) ? Wrap * (IsVolatile ? NearWrapOfVolatile : NearWrap) : 0;

    /// <summary>A fall that is no wrap is a restart at zero, and what the register shows was counted since.</summary>
    public bool Restarts => IsVolatile || HasMark;
}
