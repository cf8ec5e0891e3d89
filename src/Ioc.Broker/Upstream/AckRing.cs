using System.Numerics;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Upstream;

/// <summary>Acknowledgements in the order they must leave, each with the journal position it waits for.</summary>
/// <remarks>[MQTT-4.6.0-2], [MQTT-4.6.0-3]. One producer (the read loop) and one consumer (the writer) without a lock. When it is full the read loop waits.</remarks>
internal sealed class AckRing(int capacity)
{
    private readonly PendingReply[] _ring = new PendingReply[BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private long _head;
    private long _tail;

    public bool IsEmpty => Volatile.Read(ref _head) == Volatile.Read(ref _tail);

    public bool IsFull => Volatile.Read(ref _tail) - Volatile.Read(ref _head) >= capacity;

    /// <summary>Adds one; producer only, and only when not full.</summary>
    public void Enqueue(in PendingReply reply)
    {
        _ring[_tail & (_ring.Length - 1)] = reply;
        Volatile.Write(ref _tail, _tail + 1);
    }

    /// <summary>The oldest; consumer only.</summary>
    public bool TryPeek(out PendingReply reply)
    {
        bool any = !IsEmpty;
        reply = any ? _ring[_head & (_ring.Length - 1)] : default;
        return any;
    }

    /// <summary>Removes the oldest; consumer only, after it was written.</summary>
    public void Dequeue() => Volatile.Write(ref _head, _head + 1);
}

/// <summary>One PUBACK, PUBREC or PUBCOMP to be sent.</summary>
/// <param name="Type">Which of them.</param>
/// <param name="PacketId">Of the exchange.</param>
/// <param name="ReasonCode">Success, or what is wrong with the exchange.</param>
/// <param name="Position">To be durable first; <see cref="Immediate"/> where nothing was journaled.</param>
/// <param name="Closes">Gives a place of our Receive Maximum back.</param>
internal readonly record struct PendingReply(PacketType Type, ushort PacketId, ReasonCode ReasonCode, long Position, bool Closes)
{
    public const long Immediate = -1;
}
