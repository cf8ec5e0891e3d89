using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Topics;

namespace Ioc.Mqtt.Properties;

/// <summary>A packet's properties, checked once when read and walked without allocation: <c>foreach (Property p in packet.Properties)</c>.</summary>
/// <remarks>Empty in 3.1.1. A view: dead with the buffer it was read from.</remarks>
public readonly ref struct PropertyList
{
    private readonly ReadOnlySequence<byte> _raw;

    internal PropertyList(ReadOnlySequence<byte> raw) => _raw = raw;

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
        foreach (Property property in this)
        {
            if (property.Id == id)
            {
                number = property.Number;
                return true;
            }
        }

        number = 0;
        return false;
    }

    /// <summary>The first value of a string or binary property.</summary>
    public bool TryGetBytes(PropertyId id, out ReadOnlySequence<byte> bytes)
    {
        foreach (Property property in this)
        {
            if (property.Id == id)
            {
                bytes = property.Bytes;
                return true;
            }
        }

        bytes = default;
        return false;
    }

    internal static ReadStatus TryRead(scoped ref FieldReader reader, PacketType type, out PropertyList properties)
    {
        ulong repeatable = PropertyRules.Repeatable | (type == PacketType.Publish ? 1UL << (int)PropertyId.SubscriptionIdentifier : 0);
        return TryRead(ref reader, PropertyRules.AllowedIn(type), repeatable, out properties);
    }

    internal static ReadStatus TryReadWill(scoped ref FieldReader reader, out PropertyList properties) =>
        TryRead(ref reader, PropertyRules.Will, PropertyRules.Repeatable, out properties);

    private static ReadStatus TryRead(scoped ref FieldReader reader, ulong allowed, ulong repeatable, out PropertyList properties)
    {
        properties = default;
        if (!reader.TryReadVariable(out int length) || !reader.TryReadBytes(length, out ReadOnlySequence<byte> raw))
            return ReadStatus.Malformed;

        if (length == 0)
            return ReadStatus.Complete;

        ulong seen = 0;
        var inner = new FieldReader(raw);
        while (!inner.AtEnd)
        {
            if (!TryReadOne(ref inner, out Property property))
                return ReadStatus.Malformed;

            ulong bit = 1UL << (int)property.Id;
            if ((allowed & bit) == 0)
                return ReadStatus.Malformed; // [MQTT-2.2.2-2] an identifier that is not of this packet type
            if ((seen & bit & ~repeatable) != 0)
                return ReadStatus.ProtocolError;

            seen |= bit;
            ReadStatus status = Judge(property);
            if (status != ReadStatus.Complete)
                return status;
        }

        // Standard 3.1.2.11.10: authentication data without a method.
        const ulong data = 1UL << (int)PropertyId.AuthenticationData;
        const ulong method = 1UL << (int)PropertyId.AuthenticationMethod;
        if ((seen & data) != 0 && (seen & method) == 0)
            return ReadStatus.ProtocolError;

        properties = new PropertyList(raw);
        return ReadStatus.Complete;
    }

    private static ReadStatus Judge(in Property property)
    {
        if (PropertyRules.IsFlag(property.Id) && property.Number > 1)
            return ReadStatus.ProtocolError;
        if (PropertyRules.MustNotBeZero(property.Id) && property.Number == 0)
            return ReadStatus.ProtocolError;
        if (property.Id == PropertyId.TopicAlias && property.Number == 0)
            return ReadStatus.InvalidTopicAlias; // [MQTT-3.3.2-8]
        if (property.Id == PropertyId.ResponseTopic && !TopicName.IsValid(property.Bytes))
            return ReadStatus.ProtocolError; // [MQTT-3.3.2-14]

        return ReadStatus.Complete;
    }

    private static bool TryReadOne(scoped ref FieldReader reader, out Property property)
    {
        property = default;
        if (!reader.TryReadByte(out byte number))
            return false;

        var id = (PropertyId)number;
        switch (PropertyRules.ShapeOf(id))
        {
            case PropertyShape.Byte when reader.TryReadByte(out byte value):
                property = new Property { Id = id, Number = value };
                return true;
            case PropertyShape.UInt16 when reader.TryReadUInt16(out ushort value):
                property = new Property { Id = id, Number = value };
                return true;
            case PropertyShape.UInt32 when reader.TryReadUInt32(out uint value):
                property = new Property { Id = id, Number = value };
                return true;
            case PropertyShape.Variable when reader.TryReadVariable(out int value):
                property = new Property { Id = id, Number = (uint)value };
                return true;
            case PropertyShape.Text when reader.TryReadText(out ReadOnlySequence<byte> text):
                property = new Property { Id = id, Bytes = text };
                return true;
            case PropertyShape.Binary when reader.TryReadBinary(out ReadOnlySequence<byte> bytes):
                property = new Property { Id = id, Bytes = bytes };
                return true;
            case PropertyShape.Pair when reader.TryReadText(out ReadOnlySequence<byte> name) && reader.TryReadText(out ReadOnlySequence<byte> text):
                property = new Property { Id = id, Name = name, Bytes = text };
                return true;
            default:
                return false;
        }
    }

    /// <summary>Walks checked properties.</summary>
    public ref struct Enumerator
    {
        private FieldReader _reader;
        private Property _current;

        internal Enumerator(scoped in ReadOnlySequence<byte> raw) => _reader = new FieldReader(raw);

        /// <summary>The property reached.</summary>
        public readonly Property Current => _current;

        /// <summary>Goes to the next property.</summary>
        public bool MoveNext() => !_reader.AtEnd && TryReadOne(ref _reader, out _current);
    }
}
