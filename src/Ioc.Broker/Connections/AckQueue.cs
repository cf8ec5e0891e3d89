using System.Numerics;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP in the order of what they answer, each with the journal position it waits for.</summary>
/// <remarks>One producer (the read loop) and one consumer (the connection's writer) without a lock. When it is full the read loop waits.</remarks>
internal sealed class AckQueue
{

    // Made at the first acknowledgement: most connections never send one, or are idle.
    private PendingAck[]? _ring;
    private long _head;
    private long _tail;
    private long _pubacksIn;
    private long _pubacksOut;

    /// <summary>PUBACKs that may wait; as many others beside them. Set before the first.</summary>
    public int ReceiveMaximum { get; set; }

    public bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);

    /// <summary>No more of any kind, or of PUBACKs. Producer only.</summary>
    public bool IsFull => PubackCount >= ReceiveMaximum || Volatile.Read(ref _tail) - Volatile.Read(ref _head) >= ReceiveMaximum * 2;

    /// <summary>PUBACKs not written yet: what counts against the Receive Maximum, but for QoS 2. Producer only.</summary>
    public int PubackCount => (int)(_pubacksIn - Volatile.Read(ref _pubacksOut));

    /// <summary>Adds an acknowledgement; producer only, and only when not full.</summary>
    public void Enqueue(in PendingAck ack)
    {
        _ring ??= new PendingAck[BitOperations.RoundUpToPowerOf2((uint)ReceiveMaximum * 2)];
        _ring[_tail & (_ring.Length - 1)] = ack;
        if (ack.Type == PacketType.Puback)
            _pubacksIn++;
        Volatile.Write(ref _tail, _tail + 1);
    }

    /// <summary>The oldest acknowledgement; consumer only.</summary>
    public bool TryPeek(out PendingAck ack)
    {
        if (IsEmpty)
        {
            ack = default;
            return false;
        }

        PendingAck[] ring = _ring!;
        ack = ring[_head & (ring.Length - 1)];
        return true;
    }

    /// <summary>Removes the oldest; consumer only, after it was written.</summary>
    /// <param name="ack">As peeked.</param>
    public void Dequeue(in PendingAck ack)
    {
        if (ack.Type == PacketType.Puback)
            Volatile.Write(ref _pubacksOut, _pubacksOut + 1);
        Volatile.Write(ref _head, _head + 1);
    }
}

/// <summary>One acknowledgement to be sent.</summary>
/// <param name="Position">To be durable first; <see cref="Immediate"/> where nothing was journaled.</param>
/// <param name="PacketId">The exchange.</param>
/// <param name="Type">PUBACK, PUBREC, PUBREL or PUBCOMP.</param>
/// <param name="ReasonCode">Success, or why it was refused.</param>
internal readonly record struct PendingAck(long Position, ushort PacketId, PacketType Type, ReasonCode ReasonCode)
{
    public const long Immediate = -1;
}
