using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>What waits to be sent to one session. Thread-safe: publishers put in, the session's writer takes out.</summary>
/// <remarks>
/// Live messages are bounded by count and bytes; what comes when it is full is dropped and counted, QoS 0 and 1 apart.
/// Retained messages that answer a subscription wait beside them as references into the store, bounded by the store's size.
/// A full in-flight window holds back everything behind the message that needs it, so a topic's order is kept.
/// </remarks>
internal sealed class OutgoingQueue(BrokerOptions options, BrokerCounters counters, int receiveMaximum)
{
    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _retained = [];
    private readonly Queue<Delivery> _live = [];
    private readonly InflightWindow _inflight = new(Math.Min(receiveMaximum, options.MaxInflight));
    private long _liveBytes;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _retained.Count == 0 && _live.Count == 0;
        }
    }

    public void Enqueue(in Delivery delivery)
    {
        lock (_gate)
        {
            if (_live.Count < options.MaxOutgoingQueue && _liveBytes + delivery.Message.Bytes <= options.MaxOutgoingBytes)
            {
                _live.Enqueue(delivery);
                _liveBytes += delivery.Message.Bytes;
                return;
            }
        }

        counters.Dropped(delivery.Qos == 0 ? Drop.Qos0QueueFull : Drop.Qos1QueueFull);
    }

    /// <summary>Queues the retained messages a new subscription matches; false when too many wait already.</summary>
    public bool TryEnqueueRetained(List<Message> messages, int grantedQos)
    {
        lock (_gate)
        {
            if (_retained.Count > 0 && _retained.Count + messages.Count > options.MaxRetainedMessages)
                return false;

            foreach (Message message in messages)
                _retained.Enqueue(new Delivery(message, Math.Min(grantedQos, message.Qos), Retain: true)); // [MQTT-3.3.1-8]
            return true;
        }
    }

    /// <summary>Takes what may be sent now, QoS 1 with its packet id; returns how many.</summary>
    public int Take(Span<Delivery> into)
    {
        int taken = 0;
        lock (_gate)
        {
            for (; taken < into.Length; taken++)
            {
                bool retained = _retained.Count > 0;
                Queue<Delivery> queue = retained ? _retained : _live;
                if (!queue.TryPeek(out Delivery next) || (next.Qos > 0 && _inflight.IsFull))
                    break;

                queue.Dequeue();
                if (!retained)
                    _liveBytes -= next.Message.Bytes;
                into[taken] = next.Qos > 0 ? next with { PacketId = _inflight.Add(next.Message) } : next;
            }
        }

        return taken;
    }

    /// <summary>The receiver has a message; false when none was in flight under this id.</summary>
    public bool Acknowledge(ushort packetId)
    {
        lock (_gate)
            return _inflight.Remove(packetId);
    }
}
