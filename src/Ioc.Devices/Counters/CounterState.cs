using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Counters;

/// <summary>Where one register stood last. Turns the next reading into what was counted.</summary>
public struct CounterState
{
    // Two values that differ by less than this part were made unequal by unit conversion, not by the register.
    private const double Dust = 1e-12;

    private const Quality Unusable = Quality.Bad | Quality.OutOfRange;

    private double _value;
    private Instant _at;
    private ResetMark _mark;
    private Instant? _resetAt;
    private bool _isSet;

    /// <summary>Takes a reading.</summary>
    /// <param name="value">The register, in the metric's unit.</param>
    /// <param name="at">When it stood there.</param>
    /// <param name="quality">A value that is bad or impossible is passed over.</param>
    /// <param name="rule">How the register behaves.</param>
    /// <param name="mark">Since when it counts, as the same message says it.</param>
    /// <returns>Unknown for the first reading, and for one that is no later than the last: out of order, told twice.</returns>
    public CounterStep Take(double value, Instant at, Quality quality, SeriesRule rule, ResetMark mark)
    {
        if (!double.IsFinite(value) || (quality & Unusable) != 0 || (_isSet && at <= _at))
            return default;

        CounterStep step = _isSet ? Judge(value, at, rule, mark) : new CounterStep(null, CounterEvent.None, mark.Since);
        _resetAt = step.ResetAt;
        _value = value;
        _at = at;
        _mark = mark.IsSaid ? mark : _mark;
        _isSet = true;
        return step;
    }

    private readonly CounterStep Judge(double value, Instant at, SeriesRule rule, ResetMark mark)
    {
        if (mark.IsSaid && _mark.IsSaid && mark != _mark)
        {
            // What the register shows was counted since the reset; that is ours only if the reset came after the reading before.
            bool sinceLast = mark.Since is { } since && since > _at && since <= at;
            return new CounterStep(sinceLast ? value : null, CounterEvent.Restarted, mark.Since ?? at);
        }

        Instant? resetAt = mark.Since ?? _resetAt;
        double step = value - _value;
        if (step >= 0)
            return new CounterStep(step, CounterEvent.None, resetAt);
        if (-step <= Dust * Math.Abs(_value))
            return new CounterStep(0, CounterEvent.None, resetAt);

        double around = step + rule.Wrap;
        if (around >= 0 && around <= rule.MaxWrapStep)
            return new CounterStep(around, CounterEvent.Wrapped, resetAt);

        // Beside a mark that says "still the same", a fall has another reason than a reset.
        bool isSame = mark.IsSaid && _mark.IsSaid;
        if ((rule.IsVolatile || (rule.HasMark && !isSame)) && value >= 0)
            return new CounterStep(value, CounterEvent.Restarted, at);

        return new CounterStep(null, CounterEvent.Exchanged, at);
    }
}
