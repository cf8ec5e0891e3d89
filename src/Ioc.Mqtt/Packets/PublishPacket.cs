using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A message on its way, either direction. A view over its frame when read: dead once the pipe advances.</summary>
public readonly ref struct PublishPacket
{
    /// <summary>Sent before, as far as the sender knows.</summary>
    public bool Dup { get; init; }

    /// <summary>Quality of service, 0 to 2.</summary>
    public int Qos { get; init; }

    /// <summary>To be kept for later subscribers, or kept for one.</summary>
    public bool Retain { get; init; }

    /// <summary>The topic in UTF-8; empty only in 5.0, where an alias stands for it.</summary>
    public ReadOnlySequence<byte> Topic { get; init; }

    /// <summary>Names the exchange; zero at QoS 0 only.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Properties of the message; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>The message itself: any bytes, or none.</summary>
    public ReadOnlySequence<byte> Payload { get; init; }

    /// <summary>Reads a PUBLISH frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out PublishPacket packet)
    {
        packet = default;
        ReadStatus status = PublishFront.TryRead(frame, version, out _, out PublishFront front);
        if (status != ReadStatus.Complete)
            return status;

        ReadOnlySequence<byte> body = frame.Body;
        packet = new PublishPacket
        {
            Dup = (frame.Flags & 8) != 0,
            Qos = frame.Flags >> 1 & 3,
            Retain = (frame.Flags & 1) != 0,
            Topic = body.Slice(PublishFront.TopicStart, front.TopicBytes),
            PacketId = front.PacketId,
            Properties = new PropertyList(body.Slice(front.PropertiesStart, front.PropertiesBytes)),
            Payload = body.Slice(front.PayloadStart),
        };
        return ReadStatus.Complete;
    }

    /// <summary>Bytes <see cref="Write"/> will produce.</summary>
    public int EncodedBytes(ProtocolVersion version) => FieldWriter.PacketBytes(BodyBytes(version));

    /// <summary>Writes the packet; a long payload in pieces, so that it never needs one long span.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version)
    {
        int body = BodyBytes(version);
        int front = FieldWriter.PacketBytes(body) - (int)Payload.Length;

        var writer = new FieldWriter(output.GetSpan(front));
        writer.FixedHeader(PacketType.Publish, (Dup ? 8 : 0) | (Qos << 1) | (Retain ? 1 : 0), body);
        writer.Field(Topic);
        if (Qos > 0)
            writer.UInt16(PacketId);
        if (version == ProtocolVersion.V5)
            writer.Properties(Properties);
        output.Advance(writer.Written);

        foreach (ReadOnlyMemory<byte> segment in Payload)
            output.Write(segment.Span);
    }

    private int BodyBytes(ProtocolVersion version) =>
        FieldWriter.FieldBytes(Topic) + (Qos > 0 ? 2 : 0) + (version == ProtocolVersion.V5 ? Properties.EncodedBytes : 0) + (int)Payload.Length;
}
