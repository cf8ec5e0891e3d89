using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A PUBLISH read for intake: spans over its frame. Dead with the frame.</summary>
public readonly ref struct PublishView
{
    private readonly int _payloadStart;

    private PublishView(scoped in Frame frame, ReadOnlySpan<byte> bytes, scoped in PublishFront front)
    {
        _payloadStart = front.PayloadStart;
        Flags = frame.Flags;
        PacketId = front.PacketId;
        Topic = bytes.Slice(PublishFront.TopicStart, front.TopicBytes);
        Properties = new PropertiesView(bytes.Slice(front.PropertiesStart, front.PropertiesBytes), front.PropertiesSeen);
        IsPayloadContiguous = frame.IsContiguous;
        Payload = frame.IsContiguous ? bytes[front.PayloadStart..] : default;
    }

    /// <summary>The topic in UTF-8; empty only in 5.0, where an alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; }

    /// <summary>Properties of the message; empty in 3.1.1.</summary>
    public PropertiesView Properties { get; }

    /// <summary>The message itself; empty also when it is not <see cref="IsPayloadContiguous"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether <see cref="Payload"/> is all of it. Not so for a packet of several kilobytes that lies in pieces: see <see cref="PayloadIn"/>.</summary>
    public bool IsPayloadContiguous { get; }

    /// <summary>Names the exchange; zero at QoS 0 only.</summary>
    public ushort PacketId { get; }

    /// <summary>Sent before, as far as the sender knows.</summary>
    public bool Dup => (Flags & 8) != 0;

    /// <summary>Quality of service, 0 to 2.</summary>
    public int Qos => Flags >> 1 & 3;

    /// <summary>To be kept for later subscribers.</summary>
    public bool Retain => (Flags & 1) != 0;

    private int Flags { get; }

    /// <summary>Reads a PUBLISH frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out PublishView view)
    {
        ReadStatus status = PublishFront.TryRead(frame, version, out ReadOnlySpan<byte> bytes, out PublishFront front);
        view = status == ReadStatus.Complete ? new PublishView(frame, bytes, front) : default;
        return status;
    }

    /// <summary>The message itself wherever it lies.</summary>
    /// <param name="frame">The one this was read from.</param>
    public ReadOnlySequence<byte> PayloadIn(in Frame frame) => frame.Body.Slice(_payloadStart);
}
