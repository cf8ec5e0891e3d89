using Ioc.Devices.Counters;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Twins;

/// <summary>The city as it is now: newest values, state and last messages of every device, in memory.</summary>
/// <remarks>
/// One consumer writes, one timer calls <see cref="Tick"/>, any number of threads read. All share one gate, which the writer takes
/// once for <see cref="MessagesPerTurn"/> messages and a reader for one device, so neither keeps the other waiting for long.
/// Everything that a reader can see carries the <see cref="Version"/> at which it last changed.
/// </remarks>
public sealed class TwinStore : IReadingConsumer
{
    private const int MessagesPerTurn = 256;

    private readonly DeviceRegistry _registry;
    private readonly TwinOptions _options;
    private readonly MetricCatalogue _metrics;
    private readonly CounterTracker _counters;
    private readonly Lock _gate = new();
    private readonly List<DeviceStateChange> _stateChanges = [];
    private TwinState?[] _twins = new TwinState?[1024];
    private TwinState? _lastChanged;
    private Instant _judgedAt = Instant.MinValue;
    private Instant _listeningSince = Instant.MinValue;
    private long _version;
    private long _nextOffset;
    private long _droppedCount;

    /// <summary>Makes a store of nothing.</summary>
    public TwinStore(DeviceRegistry registry, TwinOptions options, MetricCatalogue metrics)
    {
        _registry = registry;
        _options = options;
        _metrics = metrics;
        _counters = new CounterTracker(metrics, options.MaxCounters);
        registry.Changed += Follow;
    }

    /// <summary>Raised for every change of a device's state, outside the gate, on the thread that noticed it.</summary>
    public event Action<DeviceStateChange>? StateChanged;

    /// <inheritdoc/>
    public string Name => "twins";

    /// <inheritdoc/>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Rises with every change of any twin.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Readings not kept because their device had as many series as it may, since start.</summary>
    public long DroppedCount => Volatile.Read(ref _droppedCount);

    /// <summary>Brings back the newest values from the store, before the first batch.</summary>
    /// <param name="readings">The newest of each series. Arrival times are not stored with them: the time of measurement stands in for last seen.</param>
    /// <param name="nextOffset">The first offset that they do not cover. A smaller one is harmless: messages are then seen again.</param>
    /// <param name="listeningSince">
    /// When this process began to listen. Devices last heard before are stale until they speak or stay silent from now on: a restart of
    /// ours is no failure of theirs.
    /// </param>
    public void Restore(IEnumerable<Reading> readings, long nextOffset, Instant listeningSince)
    {
        lock (_gate)
        {
            _listeningSince = listeningSince;
            foreach (Reading reading in readings)
            {
                if (!_registry[reading.Device].IsLive)
                    continue;

                TwinState twin = TwinOf(reading.Device);
                Take(twin, reading, null, ResetMark.None, offset: -1);
                twin.Heard(reading.MeasuredAt);
                Touch(twin);
            }

            Volatile.Write(ref _nextOffset, nextOffset);
        }
    }

    /// <inheritdoc/>
    public ValueTask ConsumeAsync(ReadingBatch batch, CancellationToken stopping)
    {
        for (int first = 0; first < batch.MessageCount; first += MessagesPerTurn)
        {
            lock (_gate)
            {
                int end = Math.Min(first + MessagesPerTurn, batch.MessageCount);
                for (int i = first; i < end; i++)
                {
                    ref readonly BatchMessage message = ref batch.Messages[i];
                    if (message.Offset < _nextOffset)
                        continue;

                    Apply(batch, message);
                    if (batch.Lost.Length > 0)
                        ApplyLost(batch, i);
                }
            }

            AnnounceStates();
        }

        if (batch.NextOffset > _nextOffset)
            Volatile.Write(ref _nextOffset, batch.NextOffset);

        return ValueTask.CompletedTask;
    }

    /// <summary>Puts newest values right after stored ones were replaced. Nobody is heard by that, and no state changes.</summary>
    /// <param name="corrections">Series that were touched, each with its newest stored value.</param>
    /// <param name="below">Messages from here on were not stored yet when those were read.</param>
    /// <returns>How many series show another value now.</returns>
    public int Correct(IReadOnlyList<TwinCorrection> corrections, long below)
    {
        int changed = 0;
        for (int first = 0; first < corrections.Count; first += MessagesPerTurn)
        {
            lock (_gate)
            {
                foreach (TwinCorrection one in corrections.Skip(first).Take(MessagesPerTurn))
                {
                    TwinState twin = TwinOf(one.Device);
                    if (!twin.Correct(one.Metric, one.Channel, one.Stored, below, _options.MaxSeriesPerDevice))
                        continue;

                    Touch(twin);
                    changed++;
                }
            }
        }

        return changed;
    }

    /// <summary>Puts right what became of messages that devices' last messages still show.</summary>
    public void Amend(IReadOnlyDictionary<long, (MessageOutcome Outcome, QuarantineReason Reason)> outcomes)
    {
        for (int first = 0; first < _twins.Length; first += MessagesPerTurn)
        {
            lock (_gate)
            {
                for (int i = first; i < Math.Min(first + MessagesPerTurn, _twins.Length); i++)
                {
                    if (_twins[i] is { } twin && twin.Amend(outcomes))
                        Touch(twin);
                }
            }
        }
    }

    /// <summary>Judges by age which devices are stale or offline; called about twice a second.</summary>
    public void Tick(Instant now)
    {
        lock (_gate)
        {
            _judgedAt = Instant.Max(_judgedAt, now);
            foreach (TwinState? twin in _twins)
            {
                if (twin is not null)
                    Judge(twin, _judgedAt);
            }
        }

        AnnounceStates();
    }

    /// <summary>A copy of everything known of a device.</summary>
    public TwinView Read(DeviceId device)
    {
        lock (_gate)
        {
            return Find(device) is { } twin
                ? new TwinView(device, twin.Status, twin.Latest.ToArray())
                : new TwinView(device, default, []);
        }
    }

    /// <summary>State, last seen and version of a device.</summary>
    public TwinStatus ReadStatus(DeviceId device)
    {
        lock (_gate)
            return Find(device)?.Status ?? default;
    }

    /// <summary>State and the newest value of one metric, as a marker on the map shows it.</summary>
    /// <param name="device">Which device.</param>
    /// <param name="metric">Which metric; of several channels the one measured last counts, at equal times the first.</param>
    /// <param name="latest">The value; meaningless when the answer's second part is false.</param>
    /// <returns>The status, and whether there is a value.</returns>
    public (TwinStatus Status, bool HasValue) ReadHeadline(DeviceId device, MetricId metric, out LatestReading latest)
    {
        latest = default;
        bool found = false;
        lock (_gate)
        {
            if (Find(device) is not { } twin)
                return default;

            foreach (ref readonly LatestReading reading in twin.Latest)
            {
                if (reading.Metric == metric && (!found || reading.MeasuredAt > latest.MeasuredAt))
                {
                    latest = reading;
                    found = true;
                }
            }

            return (twin.Status, found);
        }
    }

    /// <summary>The last messages of a device, newest first.</summary>
    public IReadOnlyList<LastMessage> ReadMessages(DeviceId device)
    {
        lock (_gate)
            return Find(device)?.CopyMessages() ?? [];
    }

    /// <summary>Which devices changed after a version, newest change first. Costs as much as there are changes, not as there are devices.</summary>
    /// <param name="version">As an earlier call returned it; 0 for every device that has a twin.</param>
    /// <param name="changed">Emptied, then filled.</param>
    /// <returns>The version up to which the answer reaches.</returns>
    public long ReadChangesSince(long version, List<DeviceId> changed)
    {
        changed.Clear();
        lock (_gate)
        {
            for (TwinState? twin = _lastChanged; twin is not null && twin.Version > version; twin = twin.ChangedBefore)
                changed.Add(twin.Device);

            return _version;
        }
    }

    private void Apply(ReadingBatch batch, in BatchMessage message)
    {
        TwinState? sender = null;
        if (message.Device != DeviceId.None && _registry[message.Device].IsLive)
        {
            sender = TwinOf(message.Device);
            if (message.Availability == Availability.Offline)
                sender.Lost();
            else
                sender.Heard(message.ReceivedAt);

            sender.Remember(new LastMessage(message.Offset, message.ReceivedAt, message.Outcome, message.Reason), _options.MessagesPerDevice);
        }

        // Readings of one device stand together: a concentrator's message is a run of meters.
        TwinState? twin = sender;
        int end = message.FirstReading + message.ReadingCount;
        for (int i = message.FirstReading; i < end; i++)
        {
            DeviceId device = batch.Devices[i];
            if (twin is null || twin.Device != device)
            {
                if (twin is not null && twin != sender)
                    Changed(twin, message.ReceivedAt);

                // Decoded just before its device left the service.
                twin = null;
                if (!_registry[device].IsLive)
                    continue;

                twin = TwinOf(device);
                twin.Heard(message.ReceivedAt);
            }

            Take(twin, batch[i], batch.Rules[i], batch.Marks[i], message.Offset);
        }

        if (twin is not null && twin != sender)
            Changed(twin, message.ReceivedAt);
        if (sender is not null)
            Changed(sender, message.ReceivedAt);
    }

    private void ApplyLost(ReadingBatch batch, int message)
    {
        foreach (ref readonly LostDevice lost in batch.Lost)
        {
            if (lost.Message != message)
                continue;

            TwinState twin = TwinOf(lost.Device);
            twin.Lost();
            Changed(twin, batch.Messages[message].ReceivedAt);
        }
    }

    private void Take(TwinState twin, in Reading reading, SeriesRule? rule, ResetMark mark, long offset)
    {
        if ((reading.Quality & Quality.Historical) != 0)
            return;

        Semantics kind = rule?.Kind ?? _metrics[reading.Metric].Semantics;
        CounterStep counter = kind == Semantics.Counter ? _counters.Take(reading, rule, mark) : default;
        var latest = new LatestReading(reading.Metric, reading.Channel, reading.Value, reading.MeasuredAt, reading.Quality, offset, kind, counter);
        if (!twin.Take(latest, _options.MaxSeriesPerDevice))
            Volatile.Write(ref _droppedCount, _droppedCount + 1);
    }

    // A backlog read after a restart is judged by today's clock, not by its own: its devices do not all flash online.
    private void Changed(TwinState twin, Instant receivedAt)
    {
        Touch(twin);
        Judge(twin, Instant.Max(_judgedAt, receivedAt));
    }

    private void Judge(TwinState twin, Instant now)
    {
        DeviceState before = twin.State;
        if (!twin.Judge(now, _listeningSince))
            return;

        Touch(twin);
        if (StateChanged is not null)
            _stateChanges.Add(new DeviceStateChange(twin.Device, before, twin.State, now));
    }

    private void AnnounceStates()
    {
        DeviceStateChange[] changes;
        lock (_gate)
        {
            if (_stateChanges.Count == 0)
                return;

            changes = [.. _stateChanges];
            _stateChanges.Clear();
        }

        foreach (DeviceStateChange change in changes)
            StateChanged?.Invoke(change);
    }

    // A person has changed devices: who left the service has no twin any more, who has another period is judged by it.
    private void Follow(IReadOnlyList<Device> devices)
    {
        lock (_gate)
        {
            foreach (Device device in devices)
            {
                if (Find(device.Id) is not { } twin)
                    continue;

                if (device.IsLive)
                    twin.Expect(device.Period * _options.StaleAfterPeriods, device.Period * _options.OfflineAfterPeriods);
                else
                    Forget(twin);
            }
        }
    }

    private void Forget(TwinState twin)
    {
        _twins[twin.Device.Value] = null;
        if (_lastChanged == twin)
            _lastChanged = twin.ChangedBefore;
        if (twin.ChangedBefore is { } before)
            before.ChangedAfter = twin.ChangedAfter;
        if (twin.ChangedAfter is { } after)
            after.ChangedBefore = twin.ChangedBefore;
    }

    // Moves a twin to the newest end of the list of changes.
    private void Touch(TwinState twin)
    {
        twin.Version = _version + 1;
        Volatile.Write(ref _version, twin.Version);
        if (_lastChanged == twin)
            return;

        if (twin.ChangedBefore is { } before)
            before.ChangedAfter = twin.ChangedAfter;
        if (twin.ChangedAfter is { } after)
            after.ChangedBefore = twin.ChangedBefore;

        twin.ChangedBefore = _lastChanged;
        twin.ChangedAfter = null;
        if (_lastChanged is not null)
            _lastChanged.ChangedAfter = twin;
        _lastChanged = twin;
    }

    private TwinState? Find(DeviceId device) => device.Value > 0 && device.Value < _twins.Length ? _twins[device.Value] : null;

    private TwinState TwinOf(DeviceId device)
    {
        if (device.Value >= _twins.Length)
            Array.Resize(ref _twins, Math.Max(device.Value + 1, _twins.Length * 2));

        return _twins[device.Value] ??= NewTwin(device);
    }

    private TwinState NewTwin(DeviceId device)
    {
        Duration period = _registry[device].Period;
        return new TwinState(device, period * _options.StaleAfterPeriods, period * _options.OfflineAfterPeriods);
    }
}
