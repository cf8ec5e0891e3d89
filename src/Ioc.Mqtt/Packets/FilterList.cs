using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;
using Ioc.Mqtt.Topics;

namespace Ioc.Mqtt.Packets;

/// <summary>The filters of a SUBSCRIBE or UNSUBSCRIBE, walked without allocation. A view: dead with its buffer.</summary>
public readonly ref struct FilterList
{
    private readonly ReadOnlySequence<byte> _raw;
    private readonly bool _hasOptions;

    internal FilterList(scoped in ReadOnlySequence<byte> raw, bool hasOptions)
    {
        _raw = raw;
        _hasOptions = hasOptions;
    }

    /// <summary>Encodes filters for a packet to be written. Not for hot paths.</summary>
    /// <param name="filters">UTF-8 filters with their options; options are left out of an UNSUBSCRIBE.</param>
    /// <param name="hasOptions">True for SUBSCRIBE.</param>
    public static FilterList Create(IReadOnlyList<(ReadOnlyMemory<byte> Filter, SubscriptionOptions Options)> filters, bool hasOptions)
    {
        var raw = new ArrayBufferWriter<byte>();
        foreach ((ReadOnlyMemory<byte> filter, SubscriptionOptions options) in filters)
        {
            var field = new ReadOnlySequence<byte>(filter);
            var writer = new FieldWriter(raw.GetSpan(FieldWriter.FieldBytes(field) + 1));
            writer.Field(field);
            if (hasOptions)
                writer.Byte(options.Encoded);
            raw.Advance(writer.Written);
        }

        return new FilterList(new ReadOnlySequence<byte>(raw.WrittenMemory), hasOptions);
    }

    /// <summary>Walks the filters in their order on the wire, which is the order of the answer's codes.</summary>
    public Enumerator GetEnumerator() => new(_raw, _hasOptions);

    internal static ReadStatus TryReadFront(in Frame frame, ProtocolVersion version, out FieldReader reader, out ushort packetId, out PropertyList properties)
    {
        properties = default;
        reader = new FieldReader(frame.Body);
        if (!reader.TryReadUInt16(out packetId))
            return ReadStatus.Malformed;
        if (packetId == 0)
            return ReadStatus.ProtocolError; // [MQTT-2.2.1-3]

        return version == ProtocolVersion.V5
            ? PropertyList.TryRead(ref reader, frame.Type, out properties)
            : ReadStatus.Complete;
    }

    internal static void Write(IBufferWriter<byte> output, PacketType type, ProtocolVersion version, ushort packetId, in PropertyList properties, in FilterList filters)
    {
        int body = 2 + (version == ProtocolVersion.V5 ? properties.EncodedBytes : 0) + (int)filters._raw.Length;
        var writer = new FieldWriter(output.GetSpan(FieldWriter.PacketBytes(body)));
        writer.FixedHeader(type, 2, body);
        writer.UInt16(packetId);
        if (version == ProtocolVersion.V5)
            writer.Properties(properties);
        writer.Bytes(filters._raw);
        output.Advance(writer.Written);
    }

    internal ReadStatus Check(ProtocolVersion version)
    {
        var reader = new FieldReader(_raw);
        if (reader.AtEnd)
            return ReadStatus.ProtocolError; // [MQTT-3.8.3-2], [MQTT-3.10.3-2] at least one filter

        while (!reader.AtEnd)
        {
            if (!reader.TryReadText(out ReadOnlySequence<byte> filter))
                return ReadStatus.Malformed;
            if (!_hasOptions)
                continue;
            if (!reader.TryReadByte(out byte encoded) || !new SubscriptionOptions(encoded).IsLegal(version))
                return ReadStatus.Malformed;
            if (new SubscriptionOptions(encoded).NoLocal && TopicFilter.IsShared(filter.FirstSpan))
                return ReadStatus.ProtocolError; // [MQTT-3.8.3-4] (5.0)
        }

        return ReadStatus.Complete;
    }

    /// <summary>Walks checked filters.</summary>
    public ref struct Enumerator
    {
        private readonly bool _hasOptions;
        private FieldReader _reader;

        internal Enumerator(scoped in ReadOnlySequence<byte> raw, bool hasOptions)
        {
            _reader = new FieldReader(raw);
            _hasOptions = hasOptions;
        }

        /// <summary>The filter reached.</summary>
        public FilterEntry Current { get; private set; }

        /// <summary>Goes to the next filter.</summary>
        public bool MoveNext()
        {
            if (_reader.AtEnd || !_reader.TryReadBinary(out ReadOnlySequence<byte> filter))
                return false;

            byte options = 0;
            if (_hasOptions)
                _reader.TryReadByte(out options);

            Current = new FilterEntry { Filter = filter, Options = new SubscriptionOptions(options) };
            return true;
        }
    }
}

/// <summary>One filter and what is asked for it.</summary>
public readonly ref struct FilterEntry
{
    /// <summary>The filter in UTF-8.</summary>
    public ReadOnlySequence<byte> Filter { get; init; }

    /// <summary>What is asked; default in an UNSUBSCRIBE.</summary>
    public SubscriptionOptions Options { get; init; }
}
