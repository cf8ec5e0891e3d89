namespace Ioc.Broker.Upstream;

/// <summary>Packet ids, one bit each: 8 KiB whatever the other side does. One thread at a time.</summary>
internal sealed class PacketIdSet
{
    private readonly ulong[] _bits = new ulong[(ushort.MaxValue + 1) / 64];

    public bool Contains(ushort id) => (_bits[id / 64] & Bit(id)) != 0;

    /// <summary>Adds an id; false when it was in.</summary>
    public bool Add(ushort id)
    {
        bool added = !Contains(id);
        _bits[id / 64] |= Bit(id);
        return added;
    }

    /// <summary>Removes an id; false when it was not in.</summary>
    public bool Remove(ushort id)
    {
        bool removed = Contains(id);
        _bits[id / 64] &= ~Bit(id);
        return removed;
    }

    public void Clear() => Array.Clear(_bits);

    private static ulong Bit(ushort id) => 1UL << (id % 64);
}
