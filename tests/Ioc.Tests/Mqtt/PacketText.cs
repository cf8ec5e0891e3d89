using System.Buffers;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Xunit;

namespace Ioc.Tests.Mqtt;

/// <summary>Says everything the codec reads out of a packet, so that two readings can be compared; and writes it again.</summary>
internal static class PacketText
{
    private const int MaxPacketBytes = 300_000_000;

    /// <summary>All fields of the first packet, or the status that stopped the reading.</summary>
    public static string Describe(ReadOnlySequence<byte> buffer, ProtocolVersion version) => Read(buffer, version, null);

    /// <summary>Writes the packet that was read.</summary>
    public static byte[] WriteAgain(byte[] bytes, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        Read(new ReadOnlySequence<byte>(bytes), version, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>All packets one after another as the server's read loop takes them, and the status that ends it unless it is the want of more.</summary>
    public static string[] DescribeAll(ReadOnlySequence<byte> buffer, ProtocolVersion version)
    {
        var all = new List<string>();
        using var cursor = new FrameCursor(buffer, MaxPacketBytes);
        ReadStatus status;
        while ((status = cursor.TryRead(out Frame frame)) == ReadStatus.Complete)
        {
            string text = Read(frame, version, null, out _);
            if (frame.Type == PacketType.Publish)
                Assert.Equal(text, ReadView(frame, version));
            all.Add(text);
            cursor.Consume();
        }

        if (status != ReadStatus.NeedMore)
            all.Add(status.ToString());
        return [.. all];
    }

    /// <summary>The same by <see cref="FrameReader"/>.</summary>
    public static string[] DescribeAllByReader(ReadOnlySequence<byte> buffer, ProtocolVersion version)
    {
        var all = new List<string>();
        ReadStatus status;
        while ((status = FrameReader.TryReadFrame(ref buffer, MaxPacketBytes, out Frame frame)) == ReadStatus.Complete)
            all.Add(Read(frame, version, null, out _));

        if (status != ReadStatus.NeedMore)
            all.Add(status.ToString());
        return [.. all];
    }

    /// <summary>Describes a frame and writes it again; false when it is not a packet.</summary>
    public static bool TryWriteAgain(in Frame frame, ProtocolVersion version, out string text, out byte[] written)
    {
        written = [];
        text = Read(frame, version, null, out ReadStatus status);
        if (status != ReadStatus.Complete)
            return false;

        var output = new ArrayBufferWriter<byte>();
        Read(frame, version, output, out _);
        written = output.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>Whether bytes are a packet whose reading can be written again.</summary>
    public static bool TryWriteAgain(byte[] bytes, ProtocolVersion version)
    {
        using var cursor = new FrameCursor(new ReadOnlySequence<byte>(bytes), MaxPacketBytes);
        return cursor.TryRead(out Frame frame) == ReadStatus.Complete && TryWriteAgain(frame, version, out _, out _);
    }

    private static string Read(ReadOnlySequence<byte> buffer, ProtocolVersion version, ArrayBufferWriter<byte>? output)
    {
        ReadStatus status = FrameReader.TryReadFrame(ref buffer, MaxPacketBytes, out Frame frame);
        if (status != ReadStatus.Complete)
            return status.ToString();

        string text = Read(frame, version, output, out status);
        return status == ReadStatus.Complete ? $"{text} rest {buffer.Length}" : text;
    }

    private static string Read(in Frame frame, ProtocolVersion version, ArrayBufferWriter<byte>? output, out ReadStatus status)
    {
        var text = new StringBuilder().Append(frame.Type);
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

    private static string ReadView(in Frame frame, ProtocolVersion version)
    {
        ReadStatus status = PublishView.TryRead(frame, version, out PublishView v);
        if (status != ReadStatus.Complete)
            return status.ToString();

        if (v.IsPayloadContiguous)
            Assert.True(v.Payload.SequenceEqual(v.PayloadIn(frame).ToArray()));
        var text = new StringBuilder().Append(frame.Type)
            .Append(FormattableString.Invariant($" dup {v.Dup} qos {v.Qos} retain {v.Retain} topic {Convert.ToHexString(v.Topic)} id {v.PacketId} payload {Hex(v.PayloadIn(frame))}"));
        foreach (PropertyView property in v.Properties)
        {
            Assert.True(v.Properties.Contains(property.Id));
            text.Append(FormattableString.Invariant($" {property.Id}={property.Number}/{Convert.ToHexString(property.Name)}/{Convert.ToHexString(property.Bytes)}"));
        }

        return text.ToString();
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
