using System.Numerics;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Connections;

/// <summary>PUBACKs in the order of their PUBLISHes, each with the journal position it waits for.</summary>
/// <remarks>One producer (the read loop) and one consumer (the connection's writer) without a lock. When it is full the read loop waits, or closes a 5.0 client that overran its window.</remarks>
internal sealed class AckQueue(int capacity)
{
    // Made at the first QoS 1 publish: most connections never send one, or are idle.
    private PendingAck[]? _ring;
    private long _head;
    private long _tail;

    public bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);

    public bool IsFull => Volatile.Read(ref _tail) - Volatile.Read(ref _head) >= capacity;

    /// <summary>Adds an acknowledgement; producer only, and only when not full.</summary>
    public void Enqueue(in PendingAck ack)
    {
        _ring ??= new PendingAck[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _ring[_tail & (_ring.Length - 1)] = ack;
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
    public void Dequeue() => Volatile.Write(ref _head, _head + 1);
}

/// <summary>One PUBACK to be sent.</summary>
/// <param name="PacketId">Of the PUBLISH.</param>
/// <param name="ReasonCode">Success, or why it was refused.</param>
/// <param name="Position">To be durable first; <see cref="Immediate"/> where nothing was journaled.</param>
internal readonly record struct PendingAck(ushort PacketId, ReasonCode ReasonCode, long Position)
{
    public const long Immediate = -1;
}
