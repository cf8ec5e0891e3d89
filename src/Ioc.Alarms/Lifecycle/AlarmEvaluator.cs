using Ioc.Alarms.Conditions;
using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>Turns readings, device states and the passing of time into changes of the book. Knows no ledger; called only inside the engine's gate.</summary>
internal sealed class AlarmEvaluator
{
    // Doubts with which a value never raises or ends an alarm. Out of range is one: a spike of an echo sounder is no flood.
    private const Quality PassedOver = Quality.Bad | Quality.Suspect | Quality.Calibrating | Quality.Historical | Quality.OutOfRange;

    private readonly DeviceRegistry _registry;
    private readonly MetricCatalogue _metrics;
    private readonly ChannelTable _channels;
    private readonly RuleBindings _bindings;
    private readonly ConditionTable _conditions;
    private readonly AlarmBook _book;
    private readonly ILogger _log;

    // Conditions with a delay running. A condition stays here until the next tick finds it settled.
    private readonly HashSet<Condition> _changing = [];
    private bool _saidFull;

    public AlarmEvaluator(AlarmRules rules, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, AlarmOptions options, AlarmBook book, ILogger log)
    {
        _registry = registry;
        _metrics = metrics;
        _channels = channels;
        _bindings = new RuleBindings(rules, registry, metrics, channels);
        _conditions = new ConditionTable(options.MaxConditions);
        _book = book;
        _log = log;
    }

    public long UnwatchedCount => _conditions.RefusedCount;

    /// <summary>Evaluates the messages of a batch from an offset on.</summary>
    public void Evaluate(ReadingBatch batch, long fromOffset, Instant seenAt)
    {
        foreach (ref readonly BatchMessage message in batch.Messages)
        {
            if (message.Offset < fromOffset)
                continue;

            int end = message.FirstReading + message.ReadingCount;
            for (int i = message.FirstReading; i < end; i++)
            {
                if (_bindings.Watches(batch.Metrics[i]) && (batch.Qualities[i] & PassedOver) == 0)
                    Evaluate(batch[i], seenAt, message.Offset);
            }
        }
    }

    /// <summary>Evaluates changes of devices' states.</summary>
    public void Evaluate(IReadOnlyList<DeviceStateChange> changes, Instant seenAt)
    {
        foreach (DeviceStateChange change in changes)
        {
            foreach (BoundRule rule in _bindings.Find(default, change.Device))
            {
                // An offline device is stale too.
                double met = change.To >= rule.Rule.State ? 1 : 0;
                if (rule.IsInForce(change.At))
                    Evaluate(rule, change.Device, ChannelId.None, new Sample(met, change.At, seenAt, -1));
            }
        }
    }

    /// <summary>Lets delays run out, and ends alarms whose rule is no longer in force.</summary>
    public void Tick(Instant now)
    {
        TickConditions(now);
        EndWithRules(now);
    }

    /// <summary>Takes an alarm that was open before a restart; one whose rule or device has gone ends here.</summary>
    public void Restore(Alarm alarm, Instant now)
    {
        Condition? condition = ConditionOf(alarm);
        _book.Restore(alarm, condition);
        bool active = alarm.State is AlarmState.ActiveUnacknowledged or AlarmState.ActiveAcknowledged;
        condition?.Restore(active, new Sample(alarm.Value ?? double.NaN, alarm.ValueAt, Instant.MinValue, alarm.Offset));
        if (condition is null && active)
        {
            _log.Orphaned(alarm.Id, alarm.RuleId, alarm.Device);
            _book.Return(_book.Find(alarm.Id)!, now);
        }
    }

    private void Evaluate(in Reading reading, Instant seenAt, long offset)
    {
        foreach (BoundRule rule in _bindings.Find(reading.Metric, reading.Device))
        {
            if (rule.IsInForce(reading.MeasuredAt) && rule.Watches(reading.Channel))
                Evaluate(rule, reading.Device, reading.Channel, new Sample(reading.Value, reading.MeasuredAt, seenAt, offset));
        }
    }

    private void Evaluate(BoundRule rule, DeviceId device, ChannelId channel, in Sample sample)
    {
        if (_conditions.GetOrAdd(rule.Number, device, rule.Rule.Metric?.Id ?? default, channel) is not { } condition)
            return;

        Apply(condition.Take(sample, rule), condition, rule, sample.MeasuredAt);
        if (condition.Changing)
            _changing.Add(condition);
    }

    private void Apply(Transition transition, Condition condition, BoundRule rule, Instant at)
    {
        if (transition == Transition.Returned && condition.Case is { } open)
            _book.Return(open, at);

        if (transition != Transition.Rose || _book.Rise(condition, rule, at))
            return;

        condition.Refuse();
        if (!_saidFull)
            _log.Full(_book.Open.Count);
        _saidFull = true;
    }

    private void TickConditions(Instant now)
    {
        foreach (Condition condition in _changing)
        {
            if (condition.Changing && RuleOf(condition, now) is { } rule)
                Apply(condition.Tick(now, rule), condition, rule, now);
        }

        _changing.RemoveWhere(condition => !condition.Changing);
    }

    private void EndWithRules(Instant now)
    {
        if (_book.Open.Count == 0)
            return;

        foreach (AlarmCase open in _book.Open.Where(open => open.Condition is { Holds: true } condition && RuleOf(condition, now) is null).ToArray())
        {
            open.Condition!.Clear();
            _book.Return(open, now);
        }
    }

    // The version of a condition's rule that is in force for its device.
    private BoundRule? RuleOf(Condition condition, Instant at)
    {
        foreach (BoundRule rule in _bindings.Find(condition.Metric, condition.Device))
        {
            if (rule.Number == condition.Rule && rule.IsInForce(at))
                return rule;
        }

        return null;
    }

    private Condition? ConditionOf(Alarm alarm)
    {
        MetricId metric = default;
        if (alarm.Metric is not null)
        {
            if (!_metrics.TryFind(alarm.Metric, out Metric? known))
                return null;
            metric = known.Id;
        }

        if (!_bindings.TryNumber(alarm.RuleId, out int rule) || !_registry.TryFind(alarm.Device, out Device? device))
            return null;

        bool stillWatched = _bindings.Find(metric, device.Id).Any(bound => bound.Number == rule);
        return stillWatched ? _conditions.GetOrAdd(rule, device.Id, metric, _channels.GetOrAdd(alarm.Channel)) : null;
    }
}
