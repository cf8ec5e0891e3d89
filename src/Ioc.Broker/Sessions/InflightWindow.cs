using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>QoS 1 messages sent and not yet acknowledged by the receiver. Guarded by the lock of the queue it belongs to.</summary>
/// <param name="capacity">The lower of what the client takes and what we give, at least 1.</param>
internal sealed class InflightWindow(int capacity)
{
    private readonly Dictionary<ushort, Message> _messages = [];
    private ushort _lastId;

    public bool IsFull => _messages.Count >= capacity;

    public int Count => _messages.Count;

    /// <summary>Gives the next free packet id, never zero. The window must not be full.</summary>
    public ushort Add(Message message)
    {
        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (!_messages.TryAdd(_lastId, message));

        return _lastId;
    }

    /// <summary>False when nothing is in flight under this id.</summary>
    public bool Remove(ushort packetId) => _messages.Remove(packetId);
}
