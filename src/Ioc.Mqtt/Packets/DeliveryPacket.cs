using System.Buffers;
using System.Buffers.Binary;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A PUBLISH to a subscriber: the message as it was published, with what is this delivery's own written in between.</summary>
/// <remarks>Made for many per second: nothing is allocated, and no list of properties is put together.</remarks>
public readonly ref struct DeliveryPacket
{
    // Above this the payload is written by itself, so that no output needs one long span.
    private const int OneSpanBytes = 4096;

    /// <summary>Sent before on an earlier connection.</summary>
    public bool Dup { get; init; }

    /// <summary>Quality of service of this delivery, 0 to 2.</summary>
    public int Qos { get; init; }

    /// <summary>What this subscriber is told about retaining.</summary>
    public bool Retain { get; init; }

    /// <summary>The topic in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Names the exchange on the subscriber's side; not written at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Encoded as the publisher sent them, without their length, checked, and without the topic alias (<see cref="PropertiesView.CopyTo"/>); not written in 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Numbers of the subscriptions this goes out by; not written in 3.1.1.</summary>
    public ReadOnlySpan<uint> SubscriptionIds { get; init; }

    /// <summary>What is left of the message's expiry, if it has one; null leaves what the publisher said.</summary>
    public uint? RemainingExpirySeconds { get; init; }

    /// <summary>The message itself.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Bytes <see cref="Write"/> will produce.</summary>
    public int EncodedBytes(ProtocolVersion version) => FieldWriter.PacketBytes(BodyBytes(PropertyBytes(version), version));

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        int properties = PropertyBytes(version);
        int body = BodyBytes(properties, version);
        int front = FieldWriter.PacketBytes(body) - Payload.Length;
        bool oneSpan = front + Payload.Length <= OneSpanBytes;

        var writer = new FieldWriter(output.GetSpan(oneSpan ? front + Payload.Length : front));
        writer.FixedHeader(PacketType.Publish, (Dup ? 8 : 0) | (Qos << 1) | (Retain ? 1 : 0), body);
        writer.Field(Topic);
        if (Qos > 0)
            writer.UInt16(PacketId);
        if (version == ProtocolVersion.V5)
            WriteProperties(ref writer, properties);
        if (oneSpan)
            writer.Bytes(Payload);

        output.Advance(writer.Written);
        if (!oneSpan)
            output.Write(Payload);
    }

    private void WriteProperties(ref FieldWriter writer, int bytes)
    {
        writer.Variable(bytes);
        Span<byte> copy = writer.Bytes(Properties);
        if (RemainingExpirySeconds is { } seconds)
            ReplaceExpiry(copy, seconds);

        foreach (uint id in SubscriptionIds)
        {
            writer.Byte((byte)PropertyId.SubscriptionIdentifier);
            writer.Variable((int)id);
        }
    }

    // [MQTT-3.3.2-6] the interval received, less the time the message has waited here.
    private static void ReplaceExpiry(Span<byte> properties, uint seconds)
    {
        for (int at = 0; at < properties.Length && PropertySlot.TryRead(properties, ref at, out PropertySlot slot);)
        {
            if (slot.Id == PropertyId.MessageExpiryInterval)
                BinaryPrimitives.WriteUInt32BigEndian(properties[(at - sizeof(uint))..], seconds);
        }
    }

    private int PropertyBytes(ProtocolVersion version)
    {
        if (version != ProtocolVersion.V5)
            return 0;

        int bytes = Properties.Length;
        foreach (uint id in SubscriptionIds)
            bytes += 1 + VariableByteInteger.SizeOf((int)id);
        return bytes;
    }

    private int BodyBytes(int properties, ProtocolVersion version) =>
        sizeof(ushort) + Topic.Length + (Qos > 0 ? sizeof(ushort) : 0)
        + (version == ProtocolVersion.V5 ? VariableByteInteger.SizeOf(properties) + properties : 0) + Payload.Length;
}
