namespace Ioc.Profiles.Model;

/// <summary>What the readers of profile files ask for: the language as it is read, not as somebody remembers it.</summary>
internal sealed class LanguageShape
{
    private readonly SortedDictionary<string, SortedDictionary<string, KeyShape>> _constructs = new(StringComparer.Ordinal);

    /// <summary>Keys by construct ("a field", "a time").</summary>
    public IReadOnlyDictionary<string, SortedDictionary<string, KeyShape>> Constructs => _constructs;

    /// <summary>Takes over what one mapping was asked for; mappings of one construct add up.</summary>
    public void Add(MapShape map)
    {
        if (!_constructs.TryGetValue(map.What!, out SortedDictionary<string, KeyShape>? keys))
            _constructs[map.What!] = keys = new SortedDictionary<string, KeyShape>(StringComparer.Ordinal);
        foreach ((string name, KeyShape shape) in map.Keys)
        {
            if (!keys.TryGetValue(name, out KeyShape? known))
                keys[name] = known = new KeyShape { IsRequired = shape.IsRequired };
            known.Join(shape);
        }
    }
}

/// <summary>What one mapping was asked for.</summary>
internal sealed class MapShape
{
    /// <summary>The construct; null while it is read, and for good where the keys are names of the author's own.</summary>
    public string? What { get; set; }

    public Dictionary<string, KeyShape> Keys { get; } = new(StringComparer.Ordinal);

    public KeyShape Of(string key)
    {
        if (!Keys.TryGetValue(key, out KeyShape? shape))
            Keys[key] = shape = new KeyShape();
        return shape;
    }
}

/// <summary>What may stand behind one key.</summary>
internal sealed class KeyShape
{
    public HashSet<ValueKind> Types { get; } = [];

    /// <summary>The only words allowed; empty when any are.</summary>
    public SortedSet<string> Words { get; } = new(StringComparer.Ordinal);

    /// <summary>The mappings met behind it.</summary>
    public HashSet<MapShape> Maps { get; } = [];

    public bool IsRequired { get; set; }

    public void Join(KeyShape other)
    {
        Types.UnionWith(other.Types);
        Words.UnionWith(other.Words);
        Maps.UnionWith(other.Maps);
        IsRequired &= other.IsRequired;
    }
}

/// <summary>How a reader takes a value.</summary>
internal enum ValueKind
{
    Text,
    Number,
    Flag,

    /// <summary>One text or several.</summary>
    Texts,

    /// <summary>One item or several, of any kind.</summary>
    List,
    Map,
}
