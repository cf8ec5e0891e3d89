using System.Buffers;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Tests.Mqtt;

/// <summary>Says everything the codec reads out of a packet, so that two readings can be compared; and writes it again.</summary>
internal static class PacketText
{
    /// <summary>All fields of the first packet, or the status that stopped the reading.</summary>
    public static string Describe(ReadOnlySequence<byte> buffer, ProtocolVersion version) => Read(buffer, version, null);

    /// <summary>Writes the packet that was read.</summary>
    public static byte[] WriteAgain(byte[] bytes, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        Read(new ReadOnlySequence<byte>(bytes), version, output);
        return output.WrittenSpan.ToArray();
    }

    private static string Read(ReadOnlySequence<byte> buffer, ProtocolVersion version, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = FrameReader.TryReadFrame(ref buffer, 300_000_000, out Frame frame);
        if (status != ReadStatus.Complete)
            return status.ToString();

        var text = new StringBuilder().Append(frame.Type).Append(" rest ").Append(buffer.Length);
        status = frame.Type switch
        {
            PacketType.Connect => Connect(frame, text, output),
            PacketType.Connack => Connack(frame, version, text, output),
            PacketType.Publish => Publish(frame, version, text, output),
            PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp => Ack(frame, version, text, output),
            PacketType.Subscribe => Subscribe(frame, version, text, output),
            PacketType.Unsubscribe => Unsubscribe(frame, version, text, output),
            PacketType.Suback or PacketType.Unsuback => Suback(frame, version, text, output),
            PacketType.Disconnect or PacketType.Auth => Disconnect(frame, version, text, output),
            _ => Ping(frame, output),
        };
        return status == ReadStatus.Complete ? text.ToString() : status.ToString();
    }

    private static ReadStatus Connect(in Frame frame, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = ConnectPacket.TryRead(frame, out ConnectPacket p);
        text.Append(FormattableString.Invariant($" {p.Version} clean {p.CleanStart} alive {p.KeepAliveSeconds} id {Hex(p.ClientId)} will {p.HasWill} {p.WillQos} {p.WillRetain} {Hex(p.WillTopic)} {Hex(p.WillPayload)}"))
            .Append(FormattableString.Invariant($" user {p.HasUserName} {Hex(p.UserName)} password {p.HasPassword} {Hex(p.Password)}"));
        Append(text, p.Properties);
        Append(text, p.WillProperties);
        if (output is not null)
            p.Write(output);
        return status;
    }

    private static ReadStatus Connack(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = ConnackPacket.TryRead(frame, version, out ConnackPacket p);
        text.Append(FormattableString.Invariant($" present {p.SessionPresent} {p.ReasonCode}"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Publish(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = PublishPacket.TryRead(frame, version, out PublishPacket p);
        text.Append(FormattableString.Invariant($" dup {p.Dup} qos {p.Qos} retain {p.Retain} topic {Hex(p.Topic)} id {p.PacketId} payload {Hex(p.Payload)}"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Ack(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = AckPacket.TryRead(frame, version, out AckPacket p);
        text.Append(FormattableString.Invariant($" {p.Type} id {p.PacketId} {p.ReasonCode}"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Subscribe(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = SubscribePacket.TryRead(frame, version, out SubscribePacket p);
        text.Append(FormattableString.Invariant($" id {p.PacketId}"));
        foreach (FilterEntry entry in p.Filters)
            text.Append(FormattableString.Invariant($" [{Hex(entry.Filter)} {entry.Options.Qos} {entry.Options.NoLocal} {entry.Options.RetainAsPublished} {entry.Options.RetainHandling}]"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Unsubscribe(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = UnsubscribePacket.TryRead(frame, version, out UnsubscribePacket p);
        text.Append(FormattableString.Invariant($" id {p.PacketId}"));
        foreach (FilterEntry entry in p.Filters)
            text.Append(FormattableString.Invariant($" [{Hex(entry.Filter)}]"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Suback(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = SubackPacket.TryRead(frame, version, out SubackPacket p);
        text.Append(FormattableString.Invariant($" {p.Type} id {p.PacketId} codes {Hex(p.ReasonCodes)}"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Disconnect(in Frame frame, ProtocolVersion version, StringBuilder text, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = DisconnectPacket.TryRead(frame, version, out DisconnectPacket p);
        text.Append(FormattableString.Invariant($" {p.Type} {p.ReasonCode}"));
        Append(text, p.Properties);
        if (output is not null)
            p.Write(output, version);
        return status;
    }

    private static ReadStatus Ping(in Frame frame, ArrayBufferWriter<byte>? output)
    {
        if (output is not null && frame.Type == PacketType.Pingreq)
            PingPacket.WriteRequest(output);
        else if (output is not null)
            PingPacket.WriteResponse(output);
        return PingPacket.TryRead(frame);
    }

    private static void Append(StringBuilder text, PropertyList properties)
    {
        foreach (Property property in properties)
            text.Append(FormattableString.Invariant($" {property.Id}={property.Number}/{Hex(property.Name)}/{Hex(property.Bytes)}"));
    }

    private static string Hex(ReadOnlySequence<byte> bytes) => Convert.ToHexString(bytes.ToArray());
}
