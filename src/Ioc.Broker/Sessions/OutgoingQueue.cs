using System.Diagnostics.CodeAnalysis;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>What waits to be sent to one session, and what was sent and is not acknowledged. Thread-safe; outlives the connection.</summary>
/// <remarks>
/// Holds places in the journal, not messages. Live deliveries are bounded per session and over all sessions; what comes when there is
/// no room is dropped and counted, QoS 0 and higher apart. Retained messages that answer a subscription wait beside them as references
/// into the store, bounded by the store's size and by half of the room of all sessions. A full window holds back everything behind the message that needs it, so a topic's
/// order is kept. Only the receiver that attached last gets anything.
/// </remarks>
internal sealed class OutgoingQueue(BrokerOptions options, BrokerCounters counters, DeliveryRoom room)
{
    // Above this a queue that has run empty gives its memory back.
    private const int KeptCapacity = 1_024;

    private readonly Lock _gate = new();
    private readonly InflightWindow _inflight = new();
    private Queue<Delivery>? _retained;
    private Queue<Delivery>? _live;
    private Queue<ushort>? _resend;
    private ConnectionWriter? _receiver;
    private int _reserved;
    private int _reservedRetained;
    private int _quota;
    private int _inQuota;
    private long _lastTaken;

    /// <summary>Deliveries not sent yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return (_live?.Count ?? 0) + (_retained?.Count ?? 0);
        }
    }

    /// <summary>Retained messages among them.</summary>
    public int RetainedWaiting
    {
        get
        {
            lock (_gate)
                return _retained?.Count ?? 0;
        }
    }

    /// <summary>Whether a member of a shared subscription should get more: it is there, and does not lag.</summary>
    public bool IsEager
    {
        get
        {
            lock (_gate)
                return _receiver is not null && (_live?.Count ?? 0) + _inQuota < Math.Max(1, _quota);
        }
    }

    /// <summary>Puts a delivery at the end. QoS 0 does not wait for a receiver that is away.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool Enqueue(in Delivery delivery)
    {
        lock (_gate)
        {
            if (delivery.Qos == 0 && _receiver is null)
                return false;

            Queue<Delivery> live = _live ??= [];
            if (live.Count < options.MaxOutgoingQueue && room.TryHold(ref _reserved, live.Count + 1))
            {
                live.Enqueue(delivery);
                return true;
            }
        }

        counters.Dropped(delivery.Qos == 0 ? Drop.Qos0QueueFull : Drop.QueueFull);
        return false;
    }

    /// <summary>Queues the retained messages a new subscription matches; false when too many wait already.</summary>
    public bool TryEnqueueRetained(List<RetainedMessage> messages, int grantedQos, uint[]? subscriptionIds)
    {
        if (messages.Count == 0)
            return true;

        lock (_gate)
        {
            int waiting = _retained?.Count ?? 0;
            if (waiting > 0 && waiting + messages.Count > options.MaxRetainedMessages)
                return false;
            if (!room.TryHoldAsked(ref _reservedRetained, waiting + messages.Count))
                return false;

            Queue<Delivery> retained = _retained ??= [];

            foreach (RetainedMessage message in messages)
            {
                // QoS 0 does not wait for a receiver that is away: when history is played again, nobody is there.
                byte qos = (byte)Math.Min(grantedQos, message.Qos);
                if (qos == 0 && _receiver is null)
                    continue;

                // [MQTT-3.3.1-8]
                retained.Enqueue(new Delivery(message.Position, -1, qos, Retain: true) { Retained = message, SubscriptionIds = subscriptionIds });
            }

            return true;
        }
    }

    /// <summary>A connection takes over: what is in flight is sent again, under its old packet ids and in its old order.</summary>
    /// <param name="receiver">From now on the only one that gets anything.</param>
    /// <param name="receiveMaximum">What its client takes at once.</param>
    // [MQTT-4.4.0-1]
    public void Attach(ConnectionWriter receiver, int receiveMaximum)
    {
        lock (_gate)
        {
            _receiver = receiver;
            _quota = Math.Min(receiveMaximum, options.MaxInflight);
            _inQuota = 0;
            _lastTaken = Environment.TickCount64;
            if (_inflight.Count == 0)
                return;

            ushort[] ids = _inflight.InOrder();
            foreach (ushort id in ids)
                _inflight.Find(id).InQuota = false;
            _resend = new Queue<ushort>(ids);
        }
    }

    /// <summary>The connection has gone. QoS 0 messages that still wait go with it.</summary>
    public void Detach(ConnectionWriter receiver)
    {
        lock (_gate)
        {
            if (_receiver != receiver)
                return;

            _receiver = null;
            _live = WithoutQos0(_live);
            _retained = WithoutQos0(_retained);
            GiveBack();
        }
    }

    /// <summary>Whether <see cref="Take"/> would find something now: asked before the journal's batch is opened for it.</summary>
    /// <param name="receiver">As for <see cref="Take"/>.</param>
    /// <param name="durable">As for <see cref="Take"/>.</param>
    /// <param name="awaited">As for <see cref="Take"/>.</param>
    public bool HasReady(ConnectionWriter receiver, long durable, out long awaited)
    {
        awaited = -1;
        lock (_gate)
            return _receiver == receiver && (_resend is { Count: > 0 } || TryPeekReady(durable, out _, out _, ref awaited));
    }

    /// <summary>Takes what may be sent now, with packet ids, and returns how many.</summary>
    /// <param name="receiver">Gets nothing unless it attached last.</param>
    /// <param name="durable">Messages at or behind this position are not sent yet.</param>
    /// <param name="into">Filled from the front.</param>
    /// <param name="awaited">The position that the next message waits for, or −1.</param>
    public int Take(ConnectionWriter receiver, long durable, Span<Sending> into, out long awaited)
    {
        awaited = -1;
        int taken = 0;
        lock (_gate)
        {
            if (_receiver != receiver)
                return 0;

            while (taken < into.Length && TryTakeAgain(out Sending again))
                into[taken++] = again;
            if (_resend is { Count: > 0 })
                return taken;

            while (taken < into.Length && TryPeekReady(durable, out Queue<Delivery>? queue, out Delivery next, ref awaited))
            {
                queue.Dequeue();
                into[taken++] = new Sending(SendingKind.Publish, next, next.Qos > 0 ? Launch(next) : (ushort)0, Dup: false);
            }

            if (taken > 0)
                _lastTaken = Environment.TickCount64;
            GiveBack();
        }

        return taken;
    }

    /// <summary>A message that was taken is not sent after all: its exchange is over.</summary>
    /// <returns>False when another receiver has taken over meanwhile: the exchange is its now, and the packet id may name another message.</returns>
    public bool PassOver(ConnectionWriter receiver, ushort packetId)
    {
        lock (_gate)
            return _receiver == receiver && End(packetId);
    }

    /// <summary>PUBACK, PUBCOMP, or a PUBREC that refuses: the exchange is over. False when there was none that awaits this.</summary>
    /// <param name="packetId">The exchange.</param>
    /// <param name="awaited">The state it must be in; none for any.</param>
    public bool Acknowledge(ushort packetId, InflightState awaited)
    {
        lock (_gate)
        {
            ref InflightWindow.Slot slot = ref _inflight.Find(packetId);
            if (slot.State == InflightState.None || (awaited != InflightState.None && slot.State != awaited))
                return false;

            return End(packetId);
        }
    }

    /// <summary>PUBREC: the receiver has the message. False when it is not known here.</summary>
    public bool Receive(ushort packetId)
    {
        lock (_gate)
        {
            ref InflightWindow.Slot slot = ref _inflight.Find(packetId);
            if (slot.State is not (InflightState.AwaitsPubrec or InflightState.AwaitsPubcomp))
                return false;

            if (slot.State == InflightState.AwaitsPubrec)
                _inflight.Receive(ref slot);
            return true;
        }
    }

    /// <summary>Takes out what came through shared subscriptions and was not sent, so that other members may have it.</summary>
    /// <param name="stalledFor">Only when nothing was taken for so many milliseconds.</param>
    /// <param name="group">Of this group only; null for all.</param>
    /// <param name="unacknowledged">What was sent at QoS 1 and not acknowledged too: the session is over. QoS 2 stays. [MQTT-4.8.2-5]</param>
    public List<Delivery> TakeShared(long stalledFor = 0, SharedGroup? group = null, bool unacknowledged = false)
    {
        var shared = new List<Delivery>();
        lock (_gate)
        {
            if (stalledFor > 0 && Environment.TickCount64 - _lastTaken < stalledFor)
                return shared;

            if (unacknowledged)
            {
                foreach (ushort id in _inflight.InOrder())
                {
                    ref InflightWindow.Slot slot = ref _inflight.Find(id);
                    if (slot.State == InflightState.AwaitsPuback && IsOf(slot.Delivery, group))
                        shared.Add(slot.Delivery);
                }
            }

            if (_live is { Count: > 0 } live)
            {
                var kept = new Queue<Delivery>();
                foreach (Delivery delivery in live)
                {
                    if (IsOf(delivery, group))
                        shared.Add(delivery);
                    else
                        kept.Enqueue(delivery);
                }

                _live = kept;
                GiveBack();
            }
        }

        return shared;
    }

    /// <summary>The session is over: nothing waits any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _live = _retained = null;
            _resend = null;
            room.Release(ref _reserved, 0);
            room.Release(ref _reservedRetained, 0);
        }
    }

    /// <summary>Shows what must survive a restart, in flight first, under the lock.</summary>
    /// <param name="inflight">Gets each exchange, in order.</param>
    /// <param name="waiting">Gets each delivery not sent, in order; true for one that answers a subscription.</param>
    public void Save(Action<ushort, InflightState, Delivery> inflight, Action<Delivery, bool> waiting)
    {
        lock (_gate)
        {
            foreach (ushort id in _inflight.InOrder())
            {
                InflightWindow.Slot slot = _inflight.Find(id);
                inflight(id, slot.State, slot.Delivery);
            }

            foreach (Delivery delivery in _retained ?? [])
            {
                if (delivery.Qos > 0)
                    waiting(delivery, true);
            }

            foreach (Delivery delivery in _live ?? [])
            {
                if (delivery.Qos > 0)
                    waiting(delivery, false);
            }
        }
    }

    /// <summary>Restart only: an exchange as it stood.</summary>
    public void RestoreInflight(ushort packetId, InflightState state, in Delivery delivery)
    {
        lock (_gate)
            _inflight.Restore(packetId, delivery, state);
    }

    /// <summary>Puts a delivery back that waited, also without a receiver.</summary>
    /// <param name="delivery">Gets the last place.</param>
    /// <param name="isAnswer">Among those that answer a subscription.</param>
    public void RestoreWaiting(in Delivery delivery, bool isAnswer = false)
    {
        lock (_gate)
        {
            if (isAnswer)
            {
                (_retained ??= []).Enqueue(delivery);
                return;
            }

            Queue<Delivery> live = _live ??= [];
            if (room.TryHold(ref _reserved, live.Count + 1))
                live.Enqueue(delivery);
        }
    }

    /// <summary>Restart only: takes the delivery of a position out of what waits.</summary>
    /// <param name="position">Of the message.</param>
    /// <param name="group">It must have come through this shared subscription; null for any way.</param>
    /// <param name="found">The delivery.</param>
    public bool TryRemoveWaiting(long position, SharedGroup? group, out Delivery found)
    {
        lock (_gate)
        {
            bool any = TryRemove(_retained, position, group, out found) || TryRemove(_live, position, group, out found);
            GiveBack();
            return any;
        }
    }

    private static bool TryRemove(Queue<Delivery>? queue, long position, SharedGroup? group, out Delivery found)
    {
        found = default;
        if (queue is null || !queue.TryPeek(out Delivery first))
            return false;

        // Nearly always the first: they were sent in this order.
        if (first.Position == position && (group is null || first.Group == group))
        {
            found = queue.Dequeue();
            return true;
        }

        bool any = false;
        for (int left = queue.Count; left > 0; left--)
        {
            Delivery next = queue.Dequeue();
            if (next.Position == position && !any && (group is null || next.Group == group))
                (found, any) = (next, true);
            else
                queue.Enqueue(next);
        }

        return any;
    }

    private static bool IsOf(in Delivery delivery, SharedGroup? group) => delivery.Group is { } own && (group is null || own == group);

    private static Queue<Delivery>? WithoutQos0(Queue<Delivery>? queue) =>
        queue is { Count: > 0 } ? new Queue<Delivery>(queue.Where(delivery => delivery.Qos > 0)) : null;

    private ushort Launch(in Delivery delivery)
    {
        ushort id = _inflight.Add(delivery);
        _inflight.Find(id).InQuota = true;
        _inQuota++;
        return id;
    }

    private bool End(ushort packetId)
    {
        if (_inflight.Find(packetId).InQuota)
            _inQuota--;
        return _inflight.Remove(packetId);
    }

    private bool TryTakeAgain(out Sending again)
    {
        again = default;
        while (_resend is { } resend && resend.TryPeek(out ushort id))
        {
            ref InflightWindow.Slot slot = ref _inflight.Find(id);
            if (slot.State == InflightState.None)
            {
                resend.Dequeue();
                continue;
            }

            bool release = slot.State == InflightState.AwaitsPubcomp;
            if (!release && _inQuota >= _quota)
                return false;

            if (!release)
            {
                slot.InQuota = true;
                _inQuota++;
            }

            resend.Dequeue();
            again = new Sending(release ? SendingKind.Pubrel : SendingKind.Publish, slot.Delivery, id, Dup: true);
            return true;
        }

        _resend = null;
        return false;
    }

    private bool TryPeek([NotNullWhen(true)] out Queue<Delivery>? queue, out Delivery next)
    {
        queue = _retained is { Count: > 0 } ? _retained : _live;
        next = default;
        return queue is not null && queue.TryPeek(out next);
    }

    // The quota is of this connection; the window bounds all connections of the session: each may leave PUBCOMPs behind that count in no quota.
    private bool TryPeekReady(long durable, [NotNullWhen(true)] out Queue<Delivery>? queue, out Delivery next, ref long awaited)
    {
        if (!TryPeek(out queue, out next))
            return false;

        if (next.Position >= durable)
        {
            awaited = next.Position;
            return false;
        }

        return next.Qos == 0 || (_inQuota < _quota && _inflight.Count < options.MaxInflight);
    }

    private void GiveBack()
    {
        int count = _live?.Count ?? 0;
        room.Release(ref _reserved, count);
        room.Release(ref _reservedRetained, _retained?.Count ?? 0);
        if (count == 0 && _live is { Capacity: > KeptCapacity })
            _live = null;
        if (_retained is { Count: 0 })
            _retained = null;
    }
}
