using Ioc.Mqtt.Packets;
using NodaTime;

namespace Ioc.Broker.Upstream;

/// <summary>Where the connection to another broker stands.</summary>
public enum UpstreamPhase
{
    /// <summary>Not yet, or again, on the way.</summary>
    Connecting,

    /// <summary>Messages are taken.</summary>
    Connected,

    /// <summary>Connected, but the journal takes nothing; the other broker keeps what comes.</summary>
    Paused,

    /// <summary>Lost; the next attempt comes after a pause.</summary>
    Waiting,

    /// <summary>Ended with the server.</summary>
    Stopped,
}

/// <summary>One filter and what became of it.</summary>
/// <param name="Filter">As configured.</param>
/// <param name="GrantedQos">Null before the answer, and when refused.</param>
/// <param name="Refusal">The other broker's reason; null when granted.</param>
public sealed record UpstreamSubscription(string Filter, int? GrantedQos, string? Refusal);

/// <summary>A moment of one upstream.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="ConnectedSince">Null while not connected.</param>
/// <param name="SessionPresent">The other broker had kept our session at the last connection, with what came meanwhile.</param>
/// <param name="Connections">How often it was let in since start.</param>
/// <param name="LastError">Why the last connection or attempt ended, or why it is paused; kept for reading after it is over.</param>
/// <param name="Received">Messages taken into the journal since start; one that comes again counts again.</param>
/// <param name="Acknowledged">PUBACK, PUBREC and PUBCOMP sent since start.</param>
/// <param name="LastMessageAt">When the last message was taken.</param>
public sealed record UpstreamStatus(
    string Name,
    string Host,
    int Port,
    UpstreamPhase Phase,
    Instant? ConnectedSince,
    bool SessionPresent,
    long Connections,
    string? LastError,
    Instant? LastErrorAt,
    long Received,
    long Acknowledged,
    Instant? LastMessageAt,
    IReadOnlyList<UpstreamSubscription> Subscriptions);

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
