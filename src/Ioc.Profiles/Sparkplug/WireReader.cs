using System.Buffers.Binary;

namespace Ioc.Profiles.Sparkplug;

/// <summary>How a protobuf field's value is laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Cuts fields off the front of a protobuf message. Allocates nothing, and never reads past what it was given.</summary>
/// <remarks>
/// An own reader of forty lines, because <c>Google.Protobuf</c> makes an object, a string and a list per metric: its parser cannot be
/// asked for less. Groups (wire types 3 and 4) are not part of the third edition of the language and end the reading.
/// </remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    // Ten groups of seven bits hold 64; an eleventh is no number any more.
    private const int MostVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>What follows cannot be read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads the next field's number and layout; false at the end, or when what follows is no field.</summary>
    public bool TryReadTag(out int field, out WireType type)
    {
        (field, type) = (0, default);
        if (_rest.IsEmpty || !TryReadVarint(out ulong tag))
            return false;

        (field, type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(tag & 7));
        bool isField = field > 0 && type is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32;
        return isField || Break();
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < _rest.Length && i < MostVarintBytes; i++)
        {
            byte part = _rest[i];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return Break();
    }

    public bool TryReadFixed32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(_rest, out value))
            return Break();

        _rest = _rest[4..];
        return true;
    }

    public bool TryReadFixed64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(_rest, out value))
            return Break();

        _rest = _rest[8..];
        return true;
    }

    /// <summary>Reads a text, a byte string or a message inside this one. A view.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out ulong length))
            return false;
        if (length > (ulong)_rest.Length)
            return Break();

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Passes over the value of a field that is of no use.</summary>
    public bool TrySkip(WireType type) =>
        type switch
        {
            WireType.Varint => TryReadVarint(out _),
            WireType.Fixed64 => TryReadFixed64(out _),
            WireType.Bytes => TryReadBytes(out _),
            _ => TryReadFixed32(out _),
        };

    private bool Break()
    {
        IsBroken = true;
        _rest = default;
        return false;
    }
}
