namespace Ioc.Profiles.Fields;

/// <summary>A fixed set of UTF-8 names, as the members of one object of a profile, found by a hash that is perfect for them.</summary>
/// <remarks>Length and three bytes tell the names apart; the multiplier is searched when the profile is compiled, and every hit is compared whole.</remarks>
internal sealed class NameTable<T>
    where T : class
{
    private readonly byte[]?[] _names;
    private readonly T[] _values;
    private readonly uint _multiplier;
    private readonly int _mask;

    public NameTable(IReadOnlyList<(byte[] Name, T Value)> members)
    {
        int size = 4;
        while (size < members.Count * 2)
            size *= 2;

        while (!TryFindMultiplier(members, size - 1, out _multiplier))
        {
            size *= 2;

            // Names equal in length and in the three bytes can never be told apart by the hash; probing settles those.
            if (size > 4096)
                break;
        }

        _mask = size - 1;
        _names = new byte[size][];
        _values = new T[size];
        foreach ((byte[] name, T value) in members)
        {
            int place = Hash(name, _multiplier) & _mask;
            while (_names[place] is not null)
                place = (place + 1) & _mask;

            _names[place] = name;
            _values[place] = value;
        }
    }

    public T? Find(ReadOnlySpan<byte> name)
    {
        int place = Hash(name, _multiplier) & _mask;
        while (_names[place] is { } candidate)
        {
            if (name.SequenceEqual(candidate))
                return _values[place];

            place = (place + 1) & _mask;
        }

        return null;
    }

    private static bool TryFindMultiplier(IReadOnlyList<(byte[] Name, T Value)> members, int mask, out uint multiplier)
    {
        var taken = new HashSet<int>();
        for (multiplier = 2_654_435_769; multiplier < 2_654_435_769 + 2048; multiplier += 2)
        {
            taken.Clear();
            uint candidate = multiplier;
            if (members.All(member => taken.Add(Hash(member.Name, candidate) & mask)))
                return true;
        }

        multiplier = 2_654_435_769;
        return false;
    }

    private static int Hash(ReadOnlySpan<byte> name, uint multiplier)
    {
        if (name.IsEmpty)
            return 0;

        uint key = (uint)name.Length + ((uint)name[0] << 8) + ((uint)name[name.Length >> 1] << 16) + ((uint)name[^1] << 24);
        return (int)((key * multiplier) >> 16);
    }
}
