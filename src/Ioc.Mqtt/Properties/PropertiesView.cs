namespace Ioc.Mqtt.Properties;

/// <summary>A packet's properties in one piece of memory, checked once when read: <c>foreach (PropertyView p in view.Properties)</c>.</summary>
/// <remarks>Empty in 3.1.1. A view: dead with the bytes it was read from.</remarks>
public readonly ref struct PropertiesView
{
    private readonly ulong _seen;

    internal PropertiesView(ReadOnlySpan<byte> raw, ulong seen)
    {
        Raw = raw;
        _seen = seen;
    }

    /// <summary>The encoded properties without their length.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>Takes bytes that were valid once, such as those of a journal header.</summary>
    /// <param name="raw">Encoded properties of a checked packet, without their length.</param>
    public static PropertiesView FromChecked(ReadOnlySpan<byte> raw)
    {
        ulong seen = 0;
        for (int at = 0; at < raw.Length && PropertySlot.TryRead(raw, ref at, out PropertySlot slot);)
            seen |= 1UL << (int)slot.Id;

        return new PropertiesView(raw, seen);
    }

    /// <summary>Whether a property is there: asked without a walk.</summary>
    public bool Contains(PropertyId id) => (_seen & (1UL << (int)id)) != 0;

    /// <summary>The first value of a numeric property.</summary>
    public bool TryGetNumber(PropertyId id, out uint number)
    {
        bool found = TryFind(id, out PropertySlot slot);
        number = slot.Number;
        return found;
    }

    /// <summary>The first value of a string or binary property.</summary>
    public bool TryGetBytes(PropertyId id, out ReadOnlySpan<byte> bytes)
    {
        bool found = TryFind(id, out PropertySlot slot);
        bytes = found ? Raw.Slice(slot.BytesStart, slot.BytesLength) : default;
        return found;
    }

    /// <summary>Copies all properties but one: a topic alias is of the hop it came by and goes no further.</summary>
    /// <param name="without">The one left out, however often it is there.</param>
    /// <param name="destination">As long as <see cref="Raw"/>.</param>
    /// <returns>Bytes copied.</returns>
    public int CopyTo(Span<byte> destination, PropertyId without)
    {
        int copied = 0;
        int start = 0;
        for (int at = 0; at < Raw.Length && PropertySlot.TryRead(Raw, ref at, out PropertySlot slot); start = at)
        {
            if (slot.Id == without)
                continue;

            Raw[start..at].CopyTo(destination[copied..]);
            copied += at - start;
        }

        return copied;
    }

    /// <summary>Walks the properties in their order on the wire.</summary>
    public Enumerator GetEnumerator() => new(Raw);

    private bool TryFind(PropertyId id, out PropertySlot slot)
    {
        slot = default;
        if (!Contains(id))
            return false;

        for (int at = 0; at < Raw.Length && PropertySlot.TryRead(Raw, ref at, out slot);)
        {
            if (slot.Id == id)
                return true;
        }

        return false;
    }

    /// <summary>Walks checked properties.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _raw;
        private PropertySlot _slot;
        private int _at;

        internal Enumerator(ReadOnlySpan<byte> raw) => _raw = raw;

        /// <summary>The property reached.</summary>
        public readonly PropertyView Current => new()
        {
            Id = _slot.Id,
            Number = _slot.Number,
            Bytes = _raw.Slice(_slot.BytesStart, _slot.BytesLength),
            Name = _raw.Slice(_slot.NameStart, _slot.NameLength),
        };

        /// <summary>Goes to the next property.</summary>
        public bool MoveNext() => _at < _raw.Length && PropertySlot.TryRead(_raw, ref _at, out _slot);
    }
}

/// <summary>One property, as a view over its packet.</summary>
public readonly ref struct PropertyView
{
    /// <summary>Which one.</summary>
    public PropertyId Id { get; init; }

    /// <summary>The value of a numeric property; zero otherwise.</summary>
    public uint Number { get; init; }

    /// <summary>A string's UTF-8 or binary bytes; a user property's value.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>A user property's name; empty otherwise.</summary>
    public ReadOnlySpan<byte> Name { get; init; }
}
