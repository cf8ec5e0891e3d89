using Ioc.Devices.Counters;
using Ioc.Devices.Readings;
using NodaTime;

namespace Ioc.Devices.Twins;

/// <summary>What is known of one device now. Touched only under the store's gate.</summary>
internal sealed class TwinState(DeviceId device, Duration stale, Duration offline)
{
    private Duration _stale = stale;
    private Duration _offline = offline;
    private LatestReading[] _latest = [];
    private LastMessage[] _messages = [];
    private int _messageCount;
    private bool _saidOffline;

    public DeviceId Device { get; } = device;

    public DeviceState State { get; private set; }

    public Instant? LastSeen { get; private set; }

    public long Version { get; set; }

    public int SeriesCount { get; private set; }

    // The store's list of twins in the order of their last change.
    public TwinState? ChangedBefore { get; set; }

    public TwinState? ChangedAfter { get; set; }

    public TwinStatus Status => new(State, LastSeen, Version);

    public ReadOnlySpan<LatestReading> Latest => _latest.AsSpan(0, SeriesCount);

    /// <summary>From now on it is stale and offline after other spans of silence.</summary>
    public void Expect(Duration staleAfter, Duration offlineAfter) => (_stale, _offline) = (staleAfter, offlineAfter);

    /// <summary>Takes note that the device was heard.</summary>
    public void Heard(Instant receivedAt)
    {
        _saidOffline = false;
        if (LastSeen is null || LastSeen < receivedAt)
            LastSeen = receivedAt;
    }

    /// <summary>Takes note that somebody else said that the device is gone. It was not heard by that.</summary>
    public void Lost() => _saidOffline = true;

    /// <summary>Takes a reading unless a newer one of its series is known.</summary>
    /// <returns>False when the series is new and there is no room for it.</returns>
    public bool Take(in LatestReading reading, int maxSeries)
    {
        int i = IndexOf(reading.Metric, reading.Channel);
        if (i < 0)
        {
            if (SeriesCount == maxSeries)
                return false;
            if (SeriesCount == _latest.Length)
                Array.Resize(ref _latest, Math.Min(maxSeries, Math.Max(4, _latest.Length * 2)));

            _latest[SeriesCount++] = reading;
            return true;
        }

        ref LatestReading known = ref _latest[i];
        if (reading.MeasuredAt > known.MeasuredAt || (reading.MeasuredAt == known.MeasuredAt && reading.Offset >= known.Offset))
        {
            // The same reading seen again, after a restart, adds nothing to itself.
            CounterStep counter = reading.Counter == default && reading.MeasuredAt == known.MeasuredAt ? known.Counter : reading.Counter;
            known = reading with { Counter = counter };
        }

        return true;
    }

    /// <summary>Puts right what is stored as a series' newest value. A value that came after what is stored stays.</summary>
    /// <param name="metric">The series' metric.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="stored">Its newest stored value; null when none is left.</param>
    /// <param name="below">Values of messages from here on are not stored yet.</param>
    /// <param name="maxSeries">As for <see cref="Take"/>.</param>
    /// <returns>True when something changed.</returns>
    public bool Correct(MetricId metric, ChannelId channel, LatestReading? stored, long below, int maxSeries)
    {
        int i = IndexOf(metric, channel);
        LatestReading? before = i < 0 ? null : _latest[i];
        if (before is { } known && known.Offset < below)
        {
            if (stored is { } other)
                _latest[i] = other;
            else
                _latest[i] = _latest[--SeriesCount];
        }
        else if (stored is { } newer)
        {
            Take(newer, maxSeries);
        }

        i = IndexOf(metric, channel);
        return before != (i < 0 ? null : _latest[i]);
    }

    /// <summary>Puts right what became of remembered messages.</summary>
    /// <returns>True when one of them is remembered.</returns>
    public bool Amend(IReadOnlyDictionary<long, (MessageOutcome Outcome, QuarantineReason Reason)> outcomes)
    {
        bool any = false;
        foreach (ref LastMessage message in _messages.AsSpan(0, Math.Min(_messageCount, _messages.Length)))
        {
            if (!outcomes.TryGetValue(message.Offset, out (MessageOutcome Outcome, QuarantineReason Reason) now))
                continue;

            message = message with { Outcome = now.Outcome, Reason = now.Reason };
            any = true;
        }

        return any;
    }

    /// <summary>Remembers a message in place of the oldest remembered one.</summary>
    public void Remember(in LastMessage message, int capacity)
    {
        if (capacity == 0)
            return;

        if (_messageCount == _messages.Length && _messages.Length < capacity)
            Array.Resize(ref _messages, Math.Min(capacity, Math.Max(4, _messages.Length * 2)));

        // Full only at capacity, so from here on the ring's place follows from how many were ever written.
        _messages[_messageCount++ % _messages.Length] = message;
    }

    /// <summary>The remembered messages, newest first.</summary>
    public LastMessage[] CopyMessages()
    {
        var newestFirst = new LastMessage[Math.Min(_messageCount, _messages.Length)];
        for (int i = 0; i < newestFirst.Length; i++)
            newestFirst[i] = _messages[(_messageCount - 1 - i) % _messages.Length];

        return newestFirst;
    }

    /// <summary>Judges the state at a moment.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="listeningSince">Since when the device could be heard at all; silence before that says nothing.</param>
    /// <returns>True when it is another than before.</returns>
    public bool Judge(Instant now, Instant listeningSince)
    {
        DeviceState before = State;
        State = StateAt(now, listeningSince);
        return State != before;
    }

    private DeviceState StateAt(Instant now, Instant listeningSince)
    {
        if (_saidOffline)
            return DeviceState.Offline;
        if (LastSeen is not { } seen)
            return DeviceState.NeverSeen;

        Duration silence = now - Instant.Max(seen, listeningSince);
        if (silence >= _offline)
            return DeviceState.Offline;

        return silence >= _stale || seen < listeningSince ? DeviceState.Stale : DeviceState.Online;
    }

    private int IndexOf(MetricId metric, ChannelId channel)
    {
        for (int i = 0; i < SeriesCount; i++)
        {
            if (_latest[i].Metric == metric && _latest[i].Channel == channel)
                return i;
        }

        return -1;
    }
}
