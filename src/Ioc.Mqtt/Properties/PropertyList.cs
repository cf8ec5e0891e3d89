using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Properties;

/// <summary>A packet's properties, checked once when read and walked without allocation: <c>foreach (Property p in packet.Properties)</c>.</summary>
/// <remarks>Empty in 3.1.1. A view: dead with the buffer it was read from.</remarks>
public readonly ref struct PropertyList
{
    private readonly ReadOnlySequence<byte> _raw; // in one piece

    internal PropertyList(ReadOnlySequence<byte> raw) => _raw = raw.IsSingleSegment ? raw : new ReadOnlySequence<byte>(raw.ToArray());

    /// <summary>No property.</summary>
    public static PropertyList Empty => default;

    /// <summary>The encoded properties without their length.</summary>
    public ReadOnlySequence<byte> Raw => _raw;

    /// <summary>Length of <see cref="Raw"/>, in bytes.</summary>
    public int RawBytes => (int)_raw.Length;

    internal int EncodedBytes => VariableByteInteger.SizeOf(RawBytes) + RawBytes;

    /// <summary>Takes bytes that were valid once, such as those of a journal header.</summary>
    /// <param name="raw">Encoded properties of a checked packet, without their length.</param>
    public static PropertyList FromChecked(ReadOnlySequence<byte> raw) => new(raw);

    /// <summary>Walks the properties in their order on the wire.</summary>
    public Enumerator GetEnumerator() => new(_raw);

    /// <summary>The first value of a numeric property.</summary>
    public bool TryGetNumber(PropertyId id, out uint number)
    {
        bool found = TryFind(id, out PropertySlot slot);
        number = slot.Number;
        return found;
    }

    /// <summary>The first value of a string or binary property.</summary>
    public bool TryGetBytes(PropertyId id, out ReadOnlySequence<byte> bytes)
    {
        bool found = TryFind(id, out PropertySlot slot);
        bytes = found ? _raw.Slice(slot.BytesStart, slot.BytesLength) : default;
        return found;
    }

    internal static ReadStatus TryRead(scoped ref FieldReader reader, PacketType type, out PropertyList properties) =>
        TryRead(ref reader, PropertyRules.In(type), out properties);

    internal static ReadStatus TryReadWill(scoped ref FieldReader reader, out PropertyList properties) =>
        TryRead(ref reader, PropertyRules.InWill, out properties);

    private static ReadStatus TryRead(scoped ref FieldReader reader, PropertyPlace place, out PropertyList properties)
    {
        properties = default;
        if (!reader.TryReadVariable(out int length) || !reader.TryReadBytes(length, out ReadOnlySequence<byte> raw))
            return ReadStatus.Malformed;

        ReadStatus status = PropertyRules.Check(raw.FirstSpan, place, out _);
        if (status == ReadStatus.Complete)
            properties = new PropertyList(raw);
        return status;
    }

    private bool TryFind(PropertyId id, out PropertySlot slot)
    {
        slot = default;
        ReadOnlySpan<byte> raw = _raw.FirstSpan;
        for (int at = 0; at < raw.Length && PropertySlot.TryRead(raw, ref at, out slot);)
        {
            if (slot.Id == id)
                return true;
        }

        slot = default;
        return false;
    }

    /// <summary>Walks checked properties.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySequence<byte> _raw;
        private PropertySlot _slot;
        private int _at;

        internal Enumerator(scoped in ReadOnlySequence<byte> raw) => _raw = raw;

        /// <summary>The property reached.</summary>
        public readonly Property Current => new()
        {
            Id = _slot.Id,
            Number = _slot.Number,
            Bytes = _raw.Slice(_slot.BytesStart, _slot.BytesLength),
            Name = _raw.Slice(_slot.NameStart, _slot.NameLength),
        };

        /// <summary>Goes to the next property.</summary>
        public bool MoveNext()
        {
            ReadOnlySpan<byte> raw = _raw.FirstSpan;
            return _at < raw.Length && PropertySlot.TryRead(raw, ref _at, out _slot);
        }
    }
}
