namespace Ioc.Devices.Registry;

/// <summary>(source, key) as UTF-8 → number. One writer at a time; any number of readers without lock or allocation.</summary>
/// <remarks>
/// Open addressing. A slot goes from empty to filled once and never back, and a grown table replaces the old one whole: a reader either
/// finds an entry or meets an empty slot, never half of one. A reader that misses an entry being added asks again under the writer's lock.
/// </remarks>
internal sealed class IdentityTable
{
    private Entry?[] _slots = new Entry?[2048];
    private int _count;

    /// <summary>The number of an identity, or 0.</summary>
    public int Find(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key)
    {
        Entry?[] slots = Volatile.Read(ref _slots);
        int hash = HashOf(source, key);
        for (int i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            Entry? entry = Volatile.Read(ref slots[i]);
            if (entry is null)
                return 0;
            if (entry.Hash == hash && key.SequenceEqual(entry.Key) && source.SequenceEqual(entry.Source))
                return entry.Number;
        }
    }

    /// <summary>Adds an identity that is not in the table. The writer's lock is held.</summary>
    public void Add(byte[] source, byte[] key, int number)
    {
        if (++_count * 2 > _slots.Length)
            Grow();

        Place(_slots, new Entry(HashOf(source, key), source, key, number));
    }

    private void Grow()
    {
        var grown = new Entry?[_slots.Length * 2];
        foreach (Entry? entry in _slots)
        {
            if (entry is not null)
                Place(grown, entry);
        }

        Volatile.Write(ref _slots, grown);
    }

    private static void Place(Entry?[] slots, Entry entry)
    {
        int i = entry.Hash & (slots.Length - 1);
        while (slots[i] is not null)
            i = (i + 1) & (slots.Length - 1);

        Volatile.Write(ref slots[i], entry);
    }

    // HashCode is seeded per process, so nobody can choose keys that collide.
    private static int HashOf(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(source);
        hash.Add(source.Length);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    private sealed record Entry(int Hash, byte[] Source, byte[] Key, int Number);
}
