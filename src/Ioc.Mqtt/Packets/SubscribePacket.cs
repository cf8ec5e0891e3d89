using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A client asks for topics. A view over its frame when read.</summary>
public readonly ref struct SubscribePacket
{
    /// <summary>Names the exchange, never zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Subscription identifier and user properties; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>One filter or more, each with its options.</summary>
    public FilterList Filters { get; init; }

    /// <summary>Reads a SUBSCRIBE frame; filters are checked as UTF-8, their wildcards are the caller's to judge one by one.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out SubscribePacket packet)
    {
        packet = default;
        ReadStatus status = FilterList.TryReadFront(frame, version, out FieldReader reader, out ushort packetId, out PropertyList properties);
        if (status != ReadStatus.Complete)
            return status;

        var filters = new FilterList(reader.Rest, hasOptions: true);
        status = filters.Check(version);
        if (status == ReadStatus.Complete)
            packet = new SubscribePacket { PacketId = packetId, Properties = properties, Filters = filters };
        return status;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version) =>
        FilterList.Write(output, PacketType.Subscribe, version, PacketId, Properties, Filters);
}
