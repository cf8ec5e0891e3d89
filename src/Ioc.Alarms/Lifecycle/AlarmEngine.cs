using Ioc.Alarms.Conditions;
using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>Watches readings by the rules, and leads each alarm through its life.</summary>
/// <remarks>
/// Readings, time and operators come in through one gate, one at a time. What changed is saved together with the cursor before anybody
/// hears of it; when saving fails the changes wait, and the next call saves them. Replayed messages below the cursor change nothing.
/// A delay that was running when the process ended begins anew with the next value.
/// </remarks>
public sealed class AlarmEngine : IReadingConsumer, IDisposable
{
    /// <summary>Doubts with which a value never raises or ends an alarm.</summary>
    public const Quality PassedOver = Quality.Bad | Quality.Suspect | Quality.Calibrating | Quality.Historical | Quality.OutOfRange;

    private readonly DeviceRegistry _registry;
    private readonly MetricCatalogue _metrics;
    private readonly ChannelTable _channels;
    private readonly IAlarmLedger _ledger;
    private readonly AlarmOptions _options;
    private readonly IClock _clock;
    private readonly ILogger _log;
    private readonly int _ruleCount;
    private readonly RuleBindings _bindings;
    private readonly ConditionTable _conditions;
    private readonly AlarmBook _book;

    // Conditions with a delay running. A condition stays here until the next tick finds it settled.
    private readonly HashSet<Condition> _changing = [];
    private readonly SemaphoreSlim _gate = new(1);
    private readonly SortedDictionary<long, Alarm> _saved = [];

    private Alarm[] _open = [];
    private long _nextOffset;
    private long _savedOffset;
    private Instant _savedAt = Instant.MinValue;
    private bool _saidFull;

    /// <summary>Makes an engine; <see cref="OpenAsync"/> comes before everything else.</summary>
    public AlarmEngine(AlarmRules rules, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, IAlarmLedger ledger, AlarmOptions options, IClock clock, ILogger<AlarmEngine> log)
    {
        _registry = registry;
        _metrics = metrics;
        _channels = channels;
        _ledger = ledger;
        _options = options;
        _clock = clock;
        _log = log;
        _ruleCount = rules.All.Count;
        _bindings = new RuleBindings(rules, registry, metrics, channels);
        _conditions = new ConditionTable(options.MaxConditions);
        _book = new AlarmBook(options.MaxOpen, channels);
    }

    /// <summary>Raised for every change of an alarm after it was saved, one at a time, inside the gate: handlers are quick and call nothing of the engine but <see cref="Open"/>.</summary>
    public event Action<Alarm>? Changed;

    /// <inheritdoc/>
    public string Name => "alarms";

    /// <inheritdoc/>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>The saved cursor: what a restart begins with. The journal may forget what lies before it.</summary>
    public long SavedOffset => Volatile.Read(ref _savedOffset);

    /// <summary>All open alarms as they are saved, by id. A snapshot; costs no lock.</summary>
    public IReadOnlyList<Alarm> Open => Volatile.Read(ref _open);

    /// <summary>Alarms that could not rise because too many were open, since start.</summary>
    public long RefusedCount => _book.RefusedCount;

    /// <summary>Readings not evaluated because too many series are watched, since start.</summary>
    public long UnwatchedCount => _conditions.RefusedCount;

    /// <summary>Brings back open alarms and the cursor. An alarm whose rule or device has gone ends here.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            AlarmSnapshot snapshot = await _ledger.LoadAsync(cancellationToken);
            _book.ContinueAfter(snapshot.LastId);
            foreach (Alarm alarm in snapshot.Open)
                Restore(alarm);

            Volatile.Write(ref _savedOffset, snapshot.NextOffset);
            Volatile.Write(ref _nextOffset, snapshot.NextOffset);
            ShowOpen();
            _log.Opened(_ruleCount, snapshot.Open.Count, snapshot.NextOffset);
            await SaveAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            Evaluate(batch);
            if (_book.HasUnsaved || _nextOffset - _savedOffset >= _options.SaveCursorEvery)
                await SaveAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets delays run out, ends alarms whose rule is no longer in force, and saves a cursor that has moved; called about once a second.</summary>
    public async ValueTask TickAsync(Instant now, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            TickConditions(now);
            EndWithRules(now);
            bool cursorIsOld = _nextOffset != _savedOffset && now - _savedAt >= Duration.FromSeconds(_options.SaveCursorSeconds);
            if (_book.HasUnsaved || cursorIsOld)
                await SaveAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Evaluates the rules over devices' states.</summary>
    /// <param name="changes">In the order in which they happened.</param>
    /// <param name="stopping">Gives up before anything is evaluated, or while saving; what is not saved is saved by the next call.</param>
    public async ValueTask ConsumeStatesAsync(IReadOnlyList<DeviceStateChange> changes, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            Instant seenAt = _clock.GetCurrentInstant();
            foreach (DeviceStateChange change in changes)
            {
                foreach (BoundRule rule in _bindings.Find(default, change.Device))
                {
                    // An offline device is stale too.
                    double met = change.To >= rule.Rule.State ? 1 : 0;
                    Evaluate(rule, change.Device, ChannelId.None, new Sample(met, change.At, seenAt, -1));
                }
            }

            if (_book.HasUnsaved)
                await SaveAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>An operator takes note of an alarm. Thread-safe against everything else.</summary>
    /// <param name="id">Which alarm.</param>
    /// <param name="version">The version that the operator saw.</param>
    /// <param name="by">Who.</param>
    /// <param name="comment">What they write; null for nothing.</param>
    /// <param name="cancellationToken">Gives up before anything is saved.</param>
    public async ValueTask<Acknowledgement> AcknowledgeAsync(long id, int version, string by, string? comment, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // What an earlier call could not save goes first: an operator only ever answers to what is saved.
            if (_book.HasUnsaved)
                await SaveAsync(cancellationToken);

            if (_book.Find(id) is not { } open)
                return Refuse(version, await _ledger.FindAsync(id, cancellationToken));
            if (open.Alarm.Version != version || open.Alarm.State == AlarmState.ActiveAcknowledged)
                return Refuse(version, open.Alarm);

            Alarm before = open.Alarm;
            _book.Acknowledge(open, _clock.GetCurrentInstant(), by, comment);
            Alarm after = open.Alarm;
            try
            {
                await SaveAsync(cancellationToken);
            }
            catch when (_book.HasUnsaved)
            {
                _book.Undo(open, before);
                throw;
            }

            return new Acknowledgement(AcknowledgeOutcome.Acknowledged, after);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static Acknowledgement Refuse(int version, Alarm? current) => current switch
    {
        null => new Acknowledgement(AcknowledgeOutcome.NotFound, null),
        _ when current.Version != version => new Acknowledgement(AcknowledgeOutcome.StaleVersion, current),
        _ => new Acknowledgement(AcknowledgeOutcome.AlreadyAcknowledged, current),
    };

    private void Evaluate(ReadingBatch batch)
    {
        Instant seenAt = _clock.GetCurrentInstant();
        foreach (ref readonly BatchMessage message in batch.Messages)
        {
            if (message.Offset < _nextOffset)
                continue;

            int end = message.FirstReading + message.ReadingCount;
            for (int i = message.FirstReading; i < end; i++)
            {
                if (_bindings.Watches(batch.Metrics[i]) && (batch.Qualities[i] & PassedOver) == 0)
                    Evaluate(batch[i], seenAt, message.Offset);
            }
        }

        if (batch.NextOffset > _nextOffset)
            Volatile.Write(ref _nextOffset, batch.NextOffset);
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

    private void Restore(Alarm alarm)
    {
        _saved[alarm.Id] = alarm;
        Condition? condition = ConditionOf(alarm);
        _book.Restore(alarm, condition);
        bool active = alarm.State is AlarmState.ActiveUnacknowledged or AlarmState.ActiveAcknowledged;
        condition?.Restore(active, new Sample(alarm.Value ?? double.NaN, alarm.ValueAt, Instant.MinValue, alarm.Offset));
        if (condition is null && active)
        {
            _log.Orphaned(alarm.Id, alarm.RuleId, alarm.Device);
            _book.Return(_book.Find(alarm.Id)!, _clock.GetCurrentInstant());
        }
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

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        Alarm[] changes = _book.Unsaved();
        long nextOffset = _nextOffset;
        if (changes.Length == 0 && nextOffset == _savedOffset)
            return;

        await _ledger.SaveAsync(changes, nextOffset, cancellationToken);

        _book.Saved();
        Volatile.Write(ref _savedOffset, nextOffset);
        _savedAt = _clock.GetCurrentInstant();
        if (changes.Length == 0)
            return;

        foreach (Alarm alarm in changes)
        {
            if (alarm.IsOpen)
                _saved[alarm.Id] = alarm;
            else
                _saved.Remove(alarm.Id);
        }

        ShowOpen();
        foreach (Alarm alarm in changes)
        {
            _log.Changed(alarm.Id, alarm.RuleId, alarm.Device, alarm.State, alarm.Priority, alarm.Count);
            Changed?.Invoke(alarm);
        }
    }

    private void ShowOpen() => Volatile.Write(ref _open, [.. _saved.Values]);
}
