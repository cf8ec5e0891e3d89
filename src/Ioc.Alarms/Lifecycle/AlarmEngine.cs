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
    private readonly IAlarmLedger _ledger;
    private readonly AlarmOptions _options;
    private readonly IClock _clock;
    private readonly ILogger _log;
    private readonly int _ruleCount;
    private readonly AlarmBook _book;
    private readonly AlarmEvaluator _evaluator;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly SortedDictionary<long, Alarm> _saved = [];

    private Alarm[] _open = [];
    private long _nextOffset;
    private long _savedOffset;
    private Instant _savedAt = Instant.MinValue;

    /// <summary>Makes an engine; <see cref="OpenAsync"/> comes before everything else.</summary>
    public AlarmEngine(AlarmRules rules, DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels, IAlarmLedger ledger, AlarmOptions options, IClock clock, ILogger<AlarmEngine> log)
    {
        _ledger = ledger;
        _options = options;
        _clock = clock;
        _log = log;
        _ruleCount = rules.All.Count;
        _book = new AlarmBook(options.MaxOpen, channels);
        _evaluator = new AlarmEvaluator(rules, registry, metrics, channels, options, _book, log);
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
    public long UnwatchedCount => _evaluator.UnwatchedCount;

    /// <summary>Brings back open alarms and the cursor. An alarm whose rule or device has gone ends here.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            AlarmSnapshot snapshot = await _ledger.LoadAsync(cancellationToken);
            _book.ContinueAfter(snapshot.LastId);
            foreach (Alarm alarm in snapshot.Open)
            {
                _saved[alarm.Id] = alarm;
                _evaluator.Restore(alarm, _clock.GetCurrentInstant());
            }

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
            _evaluator.Evaluate(batch, _nextOffset, _clock.GetCurrentInstant());
            if (batch.NextOffset > _nextOffset)
                Volatile.Write(ref _nextOffset, batch.NextOffset);
            if (_book.HasUnsaved || _nextOffset - _savedOffset >= _options.SaveCursorEvery)
                await SaveAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets delays run out, ends alarms whose rule is no longer in force, and saves a cursor that has moved; called about twice a second.</summary>
    public async ValueTask TickAsync(Instant now, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            _evaluator.Tick(now);
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
            _evaluator.Evaluate(changes, _clock.GetCurrentInstant());
            if (_book.HasUnsaved)
                await SaveAsync(stopping);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Says how a part of the product itself is. Saying the same again changes nothing.</summary>
    /// <param name="part">Stable name, shown in the place of the rule.</param>
    /// <param name="fault">What is wrong with it; null when nothing is, any more.</param>
    /// <param name="stopping">Gives up before anything is changed, or while saving; what is not saved is saved by the next call.</param>
    public async ValueTask TellPlatformAsync(string part, PlatformFault? fault, CancellationToken stopping)
    {
        await _gate.WaitAsync(stopping);
        try
        {
            _book.Tell(part, fault, _clock.GetCurrentInstant());
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
