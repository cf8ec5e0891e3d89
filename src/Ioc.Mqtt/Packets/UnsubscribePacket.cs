using System.Buffers;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Properties;

namespace Ioc.Mqtt.Packets;

/// <summary>A client gives topics up. A view over its frame when read.</summary>
public readonly ref struct UnsubscribePacket
{
    /// <summary>Names the exchange, never zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>User properties; empty in 3.1.1.</summary>
    public PropertyList Properties { get; init; }

    /// <summary>One filter or more, without options.</summary>
    public FilterList Filters { get; init; }

    /// <summary>Reads an UNSUBSCRIBE frame.</summary>
    public static ReadStatus TryRead(in Frame frame, ProtocolVersion version, out UnsubscribePacket packet)
    {
        packet = default;
        ReadStatus status = FilterList.TryReadFront(frame, version, out FieldReader reader, out ushort packetId, out PropertyList properties);
        if (status != ReadStatus.Complete)
            return status;

        var filters = new FilterList(reader.Rest, hasOptions: false);
        status = filters.Check(version);
        if (status == ReadStatus.Complete)
            packet = new UnsubscribePacket { PacketId = packetId, Properties = properties, Filters = filters };
        return status;
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, ProtocolVersion version) =>
        FilterList.Write(output, PacketType.Unsubscribe, version, PacketId, Properties, Filters);
}
