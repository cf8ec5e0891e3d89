using Ioc.Mqtt.Packets;
using NodaTime;

namespace Ioc.Broker.Upstream;

/// <summary>What is known of one upstream. Written by its link, read by anybody; thread-safe.</summary>
internal sealed class UpstreamState
{
    private readonly Lock _gate = new();
    private readonly UpstreamModel _model;
    private readonly TimeProvider _time;
    private volatile UpstreamPhase _phase = UpstreamPhase.Connecting;
    private UpstreamSubscription[] _subscriptions;
    private Instant? _connectedSince;
    private bool _sessionPresent;
    private long _connections;
    private string? _lastError;
    private Instant? _lastErrorAt;
    private long _received;
    private long _acknowledged;
    private long _lastMessageTicks; // zero: none yet

    public UpstreamState(UpstreamModel model, TimeProvider time)
    {
        _model = model;
        _time = time;
        _subscriptions = Unanswered();
    }

    public string Name => _model.Name;

    public bool IsConnected => _phase is UpstreamPhase.Connected or UpstreamPhase.Paused;

    public long Received => Interlocked.Read(ref _received);

    public long Connections => Interlocked.Read(ref _connections);

    public void Connecting() => _phase = UpstreamPhase.Connecting;

    public void Connected(bool sessionPresent)
    {
        lock (_gate)
        {
            _connectedSince = Now();
            _sessionPresent = sessionPresent;
            Interlocked.Increment(ref _connections);
            _phase = UpstreamPhase.Connected;
        }
    }

    public void Subscribed(ReasonCode[] codes)
    {
        lock (_gate)
            _subscriptions = [.. codes.Select((code, i) => code <= ReasonCode.GrantedQos2 ? new UpstreamSubscription(_model.Filters[i], (int)code, null) : new UpstreamSubscription(_model.Filters[i], null, code.ToString()))];
    }

    /// <summary>The journal takes nothing; true when that is news.</summary>
    public bool Pause(AcceptOutcome why)
    {
        if (_phase == UpstreamPhase.Paused)
            return false;

        lock (_gate)
        {
            _phase = UpstreamPhase.Paused;
            Fail($"the journal takes nothing: {why}");
        }

        return true;
    }

    /// <summary>A message was taken or a packet understood: no pause any more. Called per frame, so it is cheap.</summary>
    public void Resume()
    {
        if (_phase == UpstreamPhase.Paused)
            _phase = UpstreamPhase.Connected;
    }

    /// <summary>The connection or the attempt ended; true when the reason is another than the last one's.</summary>
    public bool Lost(string why)
    {
        lock (_gate)
        {
            bool news = _lastError != why || _connectedSince is not null;
            _phase = UpstreamPhase.Waiting;
            _connectedSince = null;
            Fail(why);
            return news;
        }
    }

    public void Stopped()
    {
        lock (_gate)
        {
            _phase = UpstreamPhase.Stopped;
            _connectedSince = null;
        }
    }

    public void AddReceived(int messages)
    {
        if (messages == 0)
            return;

        Interlocked.Add(ref _received, messages);
        Volatile.Write(ref _lastMessageTicks, Now().ToUnixTimeTicks());
    }

    public void AddAcknowledged(int replies) => Interlocked.Add(ref _acknowledged, replies);

    public UpstreamStatus Read()
    {
        long lastMessage = Volatile.Read(ref _lastMessageTicks);
        lock (_gate)
        {
            return new UpstreamStatus(
                _model.Name,
                _model.Host,
                _model.Port,
                _phase,
                _connectedSince,
                _sessionPresent,
                Connections,
                _lastError,
                _lastErrorAt,
                Received,
                Interlocked.Read(ref _acknowledged),
                lastMessage == 0 ? null : Instant.FromUnixTimeTicks(lastMessage),
                _subscriptions);
        }
    }

    private void Fail(string why)
    {
        _lastError = why;
        _lastErrorAt = Now();
    }

    private UpstreamSubscription[] Unanswered() => [.. _model.Filters.Select(filter => new UpstreamSubscription(filter, null, null))];

    private Instant Now() => Instant.FromDateTimeOffset(_time.GetUtcNow());
}
