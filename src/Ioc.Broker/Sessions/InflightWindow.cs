using System.Numerics;

namespace Ioc.Broker.Sessions;

/// <summary>How far an exchange with the receiver has come.</summary>
internal enum InflightState : byte
{
    None,
    AwaitsPuback,
    AwaitsPubrec,
    AwaitsPubcomp,
}

/// <summary>Messages sent at QoS 1 or 2 whose exchange is not finished. Outlives the connection; guarded by the lock of the queue it belongs to.</summary>
/// <remarks>Packet ids are given in a circle, and a slot is chosen by the id's lower bits: an id whose slot is taken is passed over.</remarks>
internal sealed class InflightWindow
{
    private const int FirstSlots = 16;

    private Slot[] _slots = [];
    private ushort _lastId;
    private long _sequence;

    /// <summary>Exchanges not finished.</summary>
    public int Count { get; private set; }

    /// <summary>Gives a message the next free packet id, never zero.</summary>
    public ushort Add(in Delivery delivery)
    {
        if (Count * 2 >= _slots.Length && _slots.Length < 1 << 16)
            Grow();

        do
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (SlotOf(_lastId).State != InflightState.None);

        Enter(_lastId, delivery, FirstState(delivery.Qos));
        return _lastId;
    }

    /// <summary>Puts an exchange back where it was before a restart.</summary>
    public void Restore(ushort packetId, in Delivery delivery, InflightState state)
    {
        while (_slots.Length == 0 || (SlotOf(packetId) is { State: not InflightState.None } taken && taken.PacketId != packetId))
            Grow();

        Remove(packetId);
        _lastId = packetId;
        Enter(packetId, delivery, state);
    }

    /// <summary>The exchange under an id, or a none-slot. Valid until the next <see cref="Add"/>.</summary>
    public ref Slot Find(ushort packetId)
    {
        if (_slots.Length > 0 && SlotOf(packetId).PacketId == packetId)
            return ref SlotOf(packetId);

        return ref Slot.Nothing;
    }

    /// <summary>Ends an exchange; false when there is none under this id.</summary>
    public bool Remove(ushort packetId)
    {
        ref Slot slot = ref Find(packetId);
        if (slot.State == InflightState.None)
            return false;

        slot = default;
        Count--;
        return true;
    }

    /// <summary>PUBREC came: what is sent from now on is PUBREL.</summary>
    /// <param name="slot">As found.</param>
    public void Receive(ref Slot slot)
    {
        slot.State = InflightState.AwaitsPubcomp;
        slot.Sequence = _sequence++;
    }

    /// <summary>Packet ids in the order in which they are repeated: PUBRELs as their PUBRECs came, for no window holds them back, then messages as they were first sent.</summary>
    // [MQTT-4.6.0-4], [MQTT-4.9.0-3], [MQTT-4.6.0-1]
    public ushort[] InOrder() =>
    [
        .. _slots.Where(slot => slot.State != InflightState.None)
            .OrderBy(slot => slot.State != InflightState.AwaitsPubcomp).ThenBy(slot => slot.Sequence)
            .Select(slot => slot.PacketId),
    ];

    private static InflightState FirstState(byte qos) => qos == 1 ? InflightState.AwaitsPuback : InflightState.AwaitsPubrec;

    private void Enter(ushort packetId, in Delivery delivery, InflightState state)
    {
        SlotOf(packetId) = new Slot { PacketId = packetId, State = state, Sequence = _sequence++, Delivery = delivery };
        Count++;
    }

    private ref Slot SlotOf(ushort packetId) => ref _slots[packetId & (_slots.Length - 1)];

    // Ids that differ in the lower bits of a small table differ in those of a larger one, so nothing collides.
    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[Math.Max(FirstSlots, (int)BitOperations.RoundUpToPowerOf2((uint)old.Length + 1))];
        foreach (ref readonly Slot slot in old.AsSpan())
        {
            if (slot.State != InflightState.None)
                SlotOf(slot.PacketId) = slot;
        }
    }

    /// <summary>One exchange.</summary>
    internal struct Slot
    {
        /// <summary>Answers a look-up that finds nothing; never written.</summary>
        public static Slot Nothing;

        public ushort PacketId;
        public InflightState State;

        /// <summary>Counts against the receiver's Receive Maximum on the present connection.</summary>
        public bool InQuota;

        public long Sequence;
        public Delivery Delivery;
    }
}
