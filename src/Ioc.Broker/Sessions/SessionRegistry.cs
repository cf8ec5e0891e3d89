using System.Collections.Concurrent;
using System.Text;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Sessions;

/// <summary>All sessions by client id, and which connection speaks for which client. Claims are thread-safe; sessions change only inside a batch of the journal.</summary>
internal sealed class SessionRegistry(IOptions<BrokerOptions> options, BrokerCounters counters, SubscriptionTree subscriptions, SessionJournal journal)
{
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Connection> _holders = new(StringComparer.Ordinal);
    private readonly Lock _claims = new();
    private volatile bool _replaying;
    private readonly DeliveryRoom _room = new(options.Value.MaxOutgoingDeliveries);

    /// <summary>Memory for what sessions are told to remember.</summary>
    public SessionRoom Room { get; } = new(options.Value.MaxSessionBytes);

    /// <summary>Sessions, with and without a connection.</summary>
    public int Count => _sessions.Count;

    /// <summary>Deliveries that room is held for, over all sessions.</summary>
    public long DeliveriesHeld => _room.Held;

    /// <summary>Grows with every change of a journaled session.</summary>
    public long Version { get; private set; }

    /// <summary>Walked beside changes: who comes or goes meanwhile may be shown or not.</summary>
    public IEnumerable<Session> All => _sessions.Select(entry => entry.Value);

    /// <summary>History is being played again: sessions are not yet what they were, and nobody may judge them.</summary>
    public bool IsReplaying
    {
        get => _replaying;
        set => _replaying = value;
    }

    /// <summary>Makes a connection the one that speaks for a client; or returns the one that does, which must end first.</summary>
    public Connection? Claim(string clientId, Connection connection)
    {
        lock (_claims)
        {
            if (_holders.TryGetValue(clientId, out Connection? holder) && holder != connection)
                return holder;

            _holders[clientId] = connection;
            return null;
        }
    }

    /// <summary>The connection has left its session.</summary>
    public void Release(string clientId, Connection connection)
    {
        lock (_claims)
        {
            if (_holders.TryGetValue(clientId, out Connection? holder) && holder == connection)
                _holders.Remove(clientId);
        }
    }

    public Session? Find(ReadOnlySpan<byte> clientId) => _sessions.GetValueOrDefault(Encoding.UTF8.GetString(clientId));

    /// <summary>Finds or makes the session of a client that connects. Inside a batch.</summary>
    /// <param name="clientId">Claimed by the caller.</param>
    /// <param name="userName">Of the new connection.</param>
    /// <param name="cleanStart">An older session ends.</param>
    /// <param name="expirySeconds">How long it shall outlive the connection.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="present">An older session goes on.</param>
    /// <param name="position">To be durable before the client is told.</param>
    /// <param name="will">Of an older session that ended here, or one whose delay is over: to go out now.</param>
    /// <returns>Null when the journal takes nothing, or there are too many sessions.</returns>
    public Session? Open(ReadOnlyMemory<byte> clientId, ReadOnlyMemory<byte> userName, bool cleanStart, uint expirySeconds, long nowMs, out bool present, out long position, out WillMessage? will)
    {
        will = null;
        position = SessionJournal.Nothing;
        Session? session = Find(clientId.Span);

        // The sweeper comes once a second; what is over by then is over already. [MQTT-4.1.0-2]
        present = session is not null && !cleanStart && !session.IsExpired(nowMs);
        if (present && session!.Will is { } due && due.DueAtMs <= nowMs)
            will = due.Message;
        if (session is not null && !present)
        {
            // [MQTT-3.1.2-4] begins anew. A will that waited for the client's return goes out: that session is over.
            will = session.Will?.Message;
            End(session);
            session = null;
        }

        if (session is null && (_sessions.Count >= options.Value.MaxSessions || !Room.HasRoomForSession(Session.BytesOf(clientId, userName))))
            return null;

        bool isNew = session is null;
        session ??= new Session(clientId, new OutgoingQueue(options.Value, counters, _room), Room);
        (ReadOnlyMemory<byte> oldUserName, uint oldExpirySeconds) = (session.UserName, session.ExpirySeconds);
        session.UserName = userName;
        session.ExpirySeconds = expirySeconds;
        if (expirySeconds > 0 || session.IsJournaled)
        {
            session.IsJournaled = true;
            if (journal.Opened(session, anew: !present, out position) != AcceptOutcome.Accepted)
            {
                // Who is not let in changes nothing of a session that waits.
                (session.UserName, session.ExpirySeconds, session.IsJournaled) = (oldUserName, oldExpirySeconds, present);
                if (isNew)
                    session.LetGo();
                return null;
            }

            Version++;
        }

        // [MQTT-3.1.3-9] the client is back: its will does not go out.
        session.Will = null;
        session.DetachedAtMs = null;
        if (isNew)
            session.Enter();
        _sessions[session.Name] = session;
        return session;
    }

    /// <summary>The session's connection has gone: it ends, or waits for its client. Inside a batch.</summary>
    /// <param name="session">Whose connection has gone.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="will">To go out later, if it may; null when there is none or it was discarded.</param>
    /// <returns>The will if it is to go out now.</returns>
    public WillMessage? Leave(Session session, long nowMs, WillMessage? will)
    {
        if (session.ExpirySeconds == 0)
        {
            End(session);
            return will;
        }

        session.DetachedAtMs = nowMs;
        uint delay = Math.Min(will?.DelaySeconds ?? 0, session.ExpirySeconds);
        session.Will = will is not null && delay > 0 ? new PendingWill(will, nowMs + (delay * 1000L)) : null;
        journal.Detached(session, nowMs);
        Version++;
        return delay > 0 ? null : will;
    }

    /// <summary>Ends a session: nothing of it is left. What it had not sent for a shared subscription goes to other members. Inside a batch.</summary>
    public void End(Session session)
    {
        // [MQTT-4.8.2-4], [MQTT-4.8.2-5]
        List<Delivery> shared = session.Outgoing.TakeShared(unacknowledged: true);
        session.UnsubscribeAll(subscriptions);
        HandOver(shared, session, keep: false);
        session.Outgoing.Clear();
        journal.Ended(session);
        if (session.IsJournaled)
            Version++;
        session.IsJournaled = false;
        session.Will = null;
        session.LetGo();
        _sessions.TryRemove(KeyValuePair.Create(session.Name, session));
    }

    /// <summary>Takes a subscription out. What was not sent for a shared one goes to its other members. Inside a batch.</summary>
    public void Unsubscribe(Session session, ReadOnlySpan<byte> filter)
    {
        SharedGroup? group = subscriptions.FindGroup(filter);
        session.Unsubscribe(subscriptions, filter);
        if (group is not null)
            HandOver(session.Outgoing.TakeShared(group: group), session, keep: false);
        Changed();
    }

    /// <summary>Gives deliveries of shared subscriptions to other members. Inside a batch.</summary>
    /// <param name="shared">Taken from the member.</param>
    /// <param name="from">The member.</param>
    /// <param name="keep">It goes on: only members that are there and have room take over, the rest goes back to it.</param>
    public void HandOver(List<Delivery> shared, Session from, bool keep)
    {
        SharedGroup? lagging = null;
        foreach (Delivery delivery in shared)
        {
            if (delivery.Group != lagging && delivery.Group!.TryPick(from, eagerOnly: keep, out Subscriber other))
            {
                byte qos = Math.Min(delivery.Qos, (byte)other.Options.Qos);
                other.Session.Outgoing.Enqueue(delivery with { Qos = qos, SubscriptionIds = other.Identifiers });
                other.Session.Writer?.Signal();
            }
            else if (keep)
            {
                lagging = delivery.Group;
                from.Outgoing.RestoreWaiting(delivery);
            }
        }
    }

    /// <summary>Restart only: a session as the journal or a snapshot tells it.</summary>
    public Session Restore(ReadOnlySpan<byte> clientId, ReadOnlySpan<byte> userName, uint expirySeconds)
    {
        var session = new Session(clientId.ToArray(), new OutgoingQueue(options.Value, counters, _room), Room)
        {
            UserName = userName.ToArray(),
            ExpirySeconds = expirySeconds,
            IsJournaled = true,
        };
        if (_sessions.TryGetValue(session.Name, out Session? older))
            older.LetGo();
        session.Enter();
        _sessions[session.Name] = session;
        return session;
    }

    /// <summary>Something of a journaled session changed.</summary>
    public void Changed() => Version++;
}
