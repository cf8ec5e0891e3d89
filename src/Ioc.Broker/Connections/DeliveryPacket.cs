using System.Buffers;
using System.Buffers.Binary;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Connections;

/// <summary>A PUBLISH as one receiver shall see it: the message as it was published, with this receiver's packet id, flags, remaining expiry and subscription identifiers.</summary>
internal ref struct DeliveryPacket
{
    /// <summary>In the place of an address: bytes that nobody overwrites.</summary>
    public const long Always = -2;

    private const int NotThere = -1;

    private readonly ReadOnlySpan<byte> _topic;
    private readonly ReadOnlySpan<byte> _properties;
    private readonly ReadOnlySpan<byte> _payload;
    private readonly ReadOnlySpan<uint> _identifiers;
    private readonly ushort _packetId;
    private readonly byte _first;
    private readonly bool _v5;
    private readonly int _propertyBytes;
    private readonly int _bodyBytes;
    private readonly int _expiryAt = NotThere;
    private readonly uint _expirySeconds;
    private uint _remainingSeconds;

    public DeliveryPacket(in PublishHeader header, ReadOnlySpan<byte> payload, in Sending sending, ProtocolVersion version)
    {
        _topic = header.Topic;
        _payload = payload;
        _packetId = sending.PacketId;
        _v5 = version == ProtocolVersion.V5;
        _first = (byte)(((int)PacketType.Publish << 4) | (sending.Dup ? 8 : 0) | (sending.Delivery.Qos << 1) | (sending.Delivery.Retain ? 1 : 0));
        if (PropertySpan.TryFind(header.Properties, PropertyId.MessageExpiryInterval, out int at, out uint expiry))
            (_expiryAt, _expirySeconds) = (at, expiry);

        int body = 2 + _topic.Length + (_packetId > 0 ? 2 : 0) + payload.Length;
        if (_v5)
        {
            _properties = header.Properties;
            _identifiers = sending.Delivery.SubscriptionIds;
            _propertyBytes = _properties.Length;
            foreach (uint identifier in _identifiers)
                _propertyBytes += 1 + VariableByteInteger.SizeOf((int)identifier);
            body += VariableByteInteger.SizeOf(_propertyBytes) + _propertyBytes;
        }

        _bodyBytes = body;
        EncodedBytes = 1 + VariableByteInteger.SizeOf(body) + body;
    }

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public readonly int EncodedBytes { get; }

    /// <summary>Takes off what the message has waited; false when it is no longer worth delivering.</summary>
    // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
    public bool TryAge(long receivedAtMs, long nowMs)
    {
        long waited = Math.Max(0, nowMs - receivedAtMs) / 1000;
        _remainingSeconds = waited < _expirySeconds ? (uint)(_expirySeconds - waited) : 0;
        return _expiryAt == NotThere || nowMs - receivedAtMs < _expirySeconds * 1000L;
    }

    public readonly void Write(Span<byte> into)
    {
        into[0] = _first;
        int at = 1 + VariableByteInteger.Write(into[1..], _bodyBytes);
        BinaryPrimitives.WriteUInt16BigEndian(into[at..], (ushort)_topic.Length);
        _topic.CopyTo(into[(at + 2)..]);
        at += 2 + _topic.Length;
        if (_packetId > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(into[at..], _packetId);
            at += 2;
        }

        if (_v5)
            at += WriteProperties(into[at..]);
        _payload.CopyTo(into[at..]);
    }

    public static void WritePubrel(IBufferWriter<byte> output, ushort packetId) =>
        output.Advance(AckPacket.WritePlain(output.GetSpan(AckPacket.MaxPlainBytes), PacketType.Pubrel, packetId, ReasonCode.Success));

    private readonly int WriteProperties(Span<byte> into)
    {
        int at = VariableByteInteger.Write(into, _propertyBytes);
        _properties.CopyTo(into[at..]);
        if (_expiryAt != NotThere)
            BinaryPrimitives.WriteUInt32BigEndian(into[(at + _expiryAt + 1)..], _remainingSeconds);

        at += _properties.Length;
        foreach (uint identifier in _identifiers)
        {
            into[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += VariableByteInteger.Write(into[at..], (int)identifier);
        }

        return at;
    }
}
