namespace Ioc.Profiles.Sparkplug;

/// <summary>What a birth says of each metric: name, alias, type and unit. Immutable; one is shared by all births that say the same.</summary>
/// <remarks>Places are looked up by halving, not by hashing: a hostile birth can choose aliases, but not make that slow.</remarks>
internal sealed class BirthCertificate : IEquatable<BirthCertificate>
{
    private readonly byte[] _text;
    private readonly MetricEntry[] _metrics;
    private readonly ulong[] _aliases;
    private readonly int[] _byAlias;
    private readonly int[] _byName;

    /// <summary>Makes one from its parts, as they were read or restored.</summary>
    /// <param name="text">Names and units, one behind the other.</param>
    /// <param name="metrics">Where each one's are.</param>
    public BirthCertificate(byte[] text, MetricEntry[] metrics)
    {
        _text = text;
        _metrics = metrics;
        int[] aliased = [.. Enumerable.Range(0, metrics.Length).Where(i => metrics[i].HasAlias).OrderBy(i => metrics[i].Alias)];
        _aliases = [.. aliased.Select(i => metrics[i].Alias)];
        _byAlias = aliased;
        _byName = [.. Enumerable.Range(0, metrics.Length)];
        Array.Sort(_byName, (a, b) => NameOf(a).SequenceCompareTo(NameOf(b)));
    }

    /// <summary>How many metrics.</summary>
    public int Count => _metrics.Length;

    /// <summary>Memory it takes, about.</summary>
    public long Bytes => 160 + _text.Length + (_metrics.Length * 48L);

    /// <summary>Names and units, one behind the other, for the snapshot.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The metrics in the order of the birth.</summary>
    public ReadOnlySpan<MetricEntry> Metrics => _metrics;

    public ReadOnlySpan<byte> NameOf(int place) => _text.AsSpan(_metrics[place].NameStart, _metrics[place].NameLength);

    public ReadOnlySpan<byte> UnitOf(int place) => _text.AsSpan(_metrics[place].NameStart + _metrics[place].NameLength, _metrics[place].UnitLength);

    public DataType TypeOf(int place) => _metrics[place].Type;

    /// <summary>The place of an alias; −1 when the birth did not give it.</summary>
    public int FindAlias(ulong alias)
    {
        // Most nodes number their metrics without gaps.
        if (_aliases.Length > 0 && alias - _aliases[0] < (ulong)_aliases.Length && _aliases[(int)(alias - _aliases[0])] == alias)
            return _byAlias[(int)(alias - _aliases[0])];

        int found = Array.BinarySearch(_aliases, alias);
        return found < 0 ? -1 : _byAlias[found];
    }

    /// <summary>The place of a name; −1 when the birth did not give it.</summary>
    public int FindName(ReadOnlySpan<byte> name)
    {
        int from = 0;
        int until = _byName.Length;
        while (from < until)
        {
            int middle = (from + until) >>> 1;
            int order = NameOf(_byName[middle]).SequenceCompareTo(name);
            if (order == 0)
                return _byName[middle];
            if (order < 0)
                from = middle + 1;
            else
                until = middle;
        }

        return -1;
    }

    public bool Equals(BirthCertificate? other) =>
        other is not null && _text.AsSpan().SequenceEqual(other._text) && _metrics.AsSpan().SequenceEqual(other._metrics);

    public override bool Equals(object? obj) => Equals(obj as BirthCertificate);

    public override int GetHashCode() => HashCode.Combine(_text.Length, _metrics.Length);
}

/// <summary>One metric of a birth. Its unit stands behind its name.</summary>
internal readonly record struct MetricEntry(ulong Alias, bool HasAlias, DataType Type, int NameStart, int NameLength, int UnitLength)
{
    /// <summary>Its name and unit lie within a text of so many bytes.</summary>
    public bool Fits(int textBytes) =>
        NameStart >= 0 && NameLength >= 0 && UnitLength >= 0 && (long)NameStart + NameLength + UnitLength <= textBytes;
}
