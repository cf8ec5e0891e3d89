using System.Buffers;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

public class DeliveryPacketTests
{
    private static readonly byte[] User = [0x26, .. Packets.Text("k"), .. Packets.Text("v")];
    private static readonly byte[] Published = [0x01, 1, 0x02, 0, 0, 0, 60, .. User, 0x09, 0, 2, 2, 2];

    [Fact]
    public void A_delivery_in_311_is_topic_packet_id_and_payload()
    {
        byte[] written = Write(new DeliveryPacket { Dup = true, Qos = 1, Retain = true, PacketId = 9, Topic = "a/b"u8, Properties = Published, SubscriptionIds = [7], Payload = "{}"u8 }, ProtocolVersion.V311);

        Assert.Equal(Packets.Publish(qos: 1, packetId: 9, dup: true, retain: true), written);
    }

    // [MQTT-2.2.1-2]
    [Fact]
    public void A_delivery_at_qos_0_has_no_packet_id()
    {
        Assert.Equal(Packets.Publish(), Write(new DeliveryPacket { PacketId = 9, Topic = "a/b"u8, Payload = "{}"u8 }, ProtocolVersion.V311));
    }

    // [MQTT-3.3.2-4], [MQTT-3.3.2-15], [MQTT-3.3.2-16], [MQTT-3.3.2-17], [MQTT-3.3.2-18], [MQTT-3.3.2-20]: what the publisher said is carried unchanged, user properties in their order.
    [Fact]
    public void A_delivery_in_5_carries_what_was_published()
    {
        byte[] properties = [.. Published, 0x03, .. Packets.Text("text/plain"), 0x08, .. Packets.Text("r/t"), .. User];

        Assert.Equal(Packets.Publish(qos: 2, packetId: 3, properties: properties), Write(new DeliveryPacket { Qos = 2, PacketId = 3, Topic = "a/b"u8, Properties = properties, Payload = "{}"u8 }, ProtocolVersion.V5));
    }

    // [MQTT-3.3.2-6]
    [Fact]
    public void What_is_left_of_the_expiry_replaces_what_was_published()
    {
        byte[] expected = [0x01, 1, 0x02, 0, 0, 1, 2, .. User, 0x09, 0, 2, 2, 2];

        Assert.Equal(Packets.Publish(properties: expected), Write(new DeliveryPacket { Topic = "a/b"u8, Properties = Published, RemainingExpirySeconds = 258, Payload = "{}"u8 }, ProtocolVersion.V5));
        Assert.Equal(60, Published[6]);
    }

    [Fact]
    public void An_expiry_nobody_asked_for_is_not_added()
    {
        Assert.Equal(Packets.Publish(properties: User), Write(new DeliveryPacket { Topic = "a/b"u8, Properties = User, RemainingExpirySeconds = 258, Payload = "{}"u8 }, ProtocolVersion.V5));
    }

    // [MQTT-3.3.4-3], [MQTT-3.3.4-4]: the numbers of all subscriptions this goes out by.
    [Fact]
    public void Subscription_identifiers_stand_behind_what_was_published()
    {
        byte[] expected = [.. User, 0x0B, 1, 0x0B, 0x80, 0x01, 0x0B, 0xFF, 0xFF, 0xFF, 0x7F];

        Assert.Equal(Packets.Publish(properties: expected), Write(new DeliveryPacket { Topic = "a/b"u8, Properties = User, SubscriptionIds = [1, 128, 268_435_455], Payload = "{}"u8 }, ProtocolVersion.V5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4_000)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public void A_payload_of_any_length_is_written_whole(int bytes)
    {
        string payload = new('p', bytes);

        Assert.Equal(Packets.Publish(payload: payload, properties: User), Write(new DeliveryPacket { Topic = "a/b"u8, Properties = User, Payload = Encoding.UTF8.GetBytes(payload) }, ProtocolVersion.V5));
    }

    [Fact]
    public void A_delivery_is_written_without_allocation()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        uint[] ids = [1, 2];

        Assert.Equal(0, Allocations.Fewest(_ =>
        {
            output.ResetWrittenCount();
            new DeliveryPacket { Topic = "a/b"u8, Properties = Published, SubscriptionIds = ids, RemainingExpirySeconds = 5, Payload = "{}"u8 }.Write(output, ProtocolVersion.V5);
        }));
    }

    // A topic alias is of the hop it came by: [MQTT-3.3.2-7].
    [Theory]
    [InlineData(new byte[] { 0x23, 0, 1 }, new byte[0])]
    [InlineData(new byte[] { 0x01, 1, 0x23, 0, 1, 0x02, 0, 0, 0, 9 }, new byte[] { 0x01, 1, 0x02, 0, 0, 0, 9 })]
    [InlineData(new byte[] { 0x01, 1 }, new byte[] { 0x01, 1 })]
    public void The_alias_is_left_out_of_what_goes_further(byte[] properties, byte[] forwarded)
    {
        byte[] packet = Packets.Publish(properties: properties);
        using var cursor = new FrameCursor(new ReadOnlySequence<byte>(packet), 1_000);
        Assert.Equal(ReadStatus.Complete, cursor.TryRead(out Frame frame));
        Assert.Equal(ReadStatus.Complete, PublishView.TryRead(frame, ProtocolVersion.V5, out PublishView view));
        Span<byte> copy = stackalloc byte[view.Properties.Raw.Length];

        int copied = view.Properties.CopyTo(copy, without: PropertyId.TopicAlias);

        Assert.Equal(forwarded, copy[..copied].ToArray());
    }

    [Fact]
    public void Properties_out_of_the_journal_answer_as_those_off_the_wire()
    {
        PropertiesView view = PropertiesView.FromChecked(Published);

        Assert.True(view.TryGetNumber(PropertyId.MessageExpiryInterval, out uint seconds));
        Assert.Equal(60u, seconds);
        Assert.True(view.TryGetBytes(PropertyId.CorrelationData, out ReadOnlySpan<byte> data));
        Assert.Equal([2, 2], data.ToArray());
        Assert.True(view.Contains(PropertyId.UserProperty));
        Assert.False(view.Contains(PropertyId.TopicAlias));
        Assert.False(view.TryGetNumber(PropertyId.TopicAlias, out _));
        Assert.False(view.TryGetBytes(PropertyId.ContentType, out _));
    }

    private static byte[] Write(in DeliveryPacket packet, ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        packet.Write(output, version);
        Assert.Equal(packet.EncodedBytes(version), output.WrittenCount);
        return output.WrittenSpan.ToArray();
    }
}
