using System.Buffers;
using System.Text;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

/// <summary>Packets that a client of this codec puts together are the bytes the standard asks for.</summary>
public class ClientSideTests
{
    // [MQTT-3.1.3-1]
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V5)]
    public void A_connect_with_a_will_is_written_as_the_standard_says(ProtocolVersion version)
    {
        var output = new ArrayBufferWriter<byte>();
        new ConnectPacket
        {
            Version = version,
            CleanStart = true,
            KeepAliveSeconds = 30,
            ClientId = Utf8("sim-1"),
            HasUserName = true,
            UserName = Utf8("u"),
            HasPassword = true,
            Password = Utf8("p"),
            HasWill = true,
            WillQos = 1,
            WillTopic = Utf8("tele/LWT"),
            WillPayload = Utf8("Offline"),
        }.Write(output);

        Assert.Equal(Packets.Connect("sim-1", (byte)version, keepAlive: 30, properties: [], user: "u", password: "p", willTopic: "tele/LWT", willPayload: "Offline", willQos: 1), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_subscribe_is_put_together_from_filters()
    {
        FilterList filters = FilterList.Create([("a/#"u8.ToArray(), new SubscriptionOptions(1, noLocal: true)), ("b"u8.ToArray(), new SubscriptionOptions(0))], hasOptions: true);
        var output = new ArrayBufferWriter<byte>();
        new SubscribePacket { PacketId = 3, Filters = filters }.Write(output, ProtocolVersion.V5);

        Assert.Equal(Packets.Packet(0x82, [0, 3, 0, .. Packets.Text("a/#"), 5, .. Packets.Text("b"), 0]), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Properties_are_written_in_their_own_width_and_read_back()
    {
        PropertyBuilder builder = new PropertyBuilder()
            .Add(PropertyId.PayloadFormatIndicator, 1)
            .Add(PropertyId.MessageExpiryInterval, 70_000)
            .Add(PropertyId.ContentType, "application/json")
            .Add(PropertyId.CorrelationData, [1, 2, 3])
            .AddUser("khóa", "giá trị");
        byte[] packet = Packets.Publish(properties: builder.List.Raw.ToArray());

        var buffer = new ReadOnlySequence<byte>(packet);
        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 1_000, out Frame frame));
        Assert.Equal(ReadStatus.Complete, PublishPacket.TryRead(frame, ProtocolVersion.V5, out PublishPacket read));
        Assert.True(read.Properties.TryGetNumber(PropertyId.MessageExpiryInterval, out uint expiry));
        Assert.Equal(70_000u, expiry);
        Assert.True(read.Properties.TryGetBytes(PropertyId.ContentType, out ReadOnlySequence<byte> type));
        Assert.Equal("application/json", Encoding.UTF8.GetString(type));
        Assert.False(read.Properties.TryGetNumber(PropertyId.TopicAlias, out _));
    }

    [Fact]
    public void A_number_that_does_not_fit_its_property_is_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => new PropertyBuilder().Add(PropertyId.ReceiveMaximum, 70_000));
        Assert.Throws<ArgumentException>(() => new PropertyBuilder().Add(PropertyId.ContentType, 1));
        Assert.Throws<ArgumentException>(() => new PropertyBuilder().Add(PropertyId.ReceiveMaximum, "text"));
    }

    [Fact]
    public void A_payload_of_a_megabyte_is_written_in_pieces()
    {
        var payload = new byte[1_000_000];
        new Random(1).NextBytes(payload);
        var output = new ArrayBufferWriter<byte>();
        var packet = new PublishPacket { Topic = Utf8("t"), Payload = new ReadOnlySequence<byte>(payload) };
        packet.Write(output, ProtocolVersion.V311);

        Assert.Equal(packet.EncodedBytes(ProtocolVersion.V311), output.WrittenCount);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        Assert.Equal(ReadStatus.Complete, FrameReader.TryReadFrame(ref buffer, 2_000_000, out Frame frame));
        PublishPacket.TryRead(frame, ProtocolVersion.V311, out PublishPacket read);
        Assert.True(read.Payload.FirstSpan.SequenceEqual(payload));
    }

    // 3.1.1 has other numbers for the same refusals.
    [Theory]
    [InlineData(ReasonCode.UnsupportedProtocolVersion)]
    [InlineData(ReasonCode.ClientIdentifierNotValid)]
    [InlineData(ReasonCode.ServerUnavailable)]
    [InlineData(ReasonCode.BadUserNameOrPassword)]
    [InlineData(ReasonCode.NotAuthorized)]
    public void A_refusal_reads_the_same_in_both_versions(ReasonCode reason)
    {
        foreach (ProtocolVersion version in new[] { ProtocolVersion.V311, ProtocolVersion.V5 })
        {
            var output = new ArrayBufferWriter<byte>();
            new ConnackPacket { ReasonCode = reason }.Write(output, version);
            var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
            FrameReader.TryReadFrame(ref buffer, 100, out Frame frame);

            Assert.Equal(ReadStatus.Complete, ConnackPacket.TryRead(frame, version, out ConnackPacket read));
            Assert.Equal(reason, read.ReasonCode);
        }
    }

    // 3.1.1 [MQTT-3.1.4-1], [MQTT-3.2.2-6]: what none of its codes says is said by closing.
    [Theory]
    [InlineData(ReasonCode.NotAuthorized, true)]
    [InlineData(ReasonCode.ServerUnavailable, true)]
    [InlineData(ReasonCode.UnsupportedProtocolVersion, true)]
    [InlineData(ReasonCode.MalformedPacket, false)]
    [InlineData(ReasonCode.TopicNameInvalid, false)]
    public void Only_refusals_that_311_has_words_for_are_said(ReasonCode reason, bool said)
    {
        Assert.Equal(said, ConnackPacket.CanSay(reason, ProtocolVersion.V311));
        Assert.True(ConnackPacket.CanSay(reason, ProtocolVersion.V5));
    }

    // [MQTT-3.2.2-6] (5.0), [MQTT-3.2.2-4] (3.1.1)
    [Fact]
    public void A_refusal_never_says_that_a_session_is_present()
    {
        var output = new ArrayBufferWriter<byte>();
        new ConnackPacket { SessionPresent = true, ReasonCode = ReasonCode.NotAuthorized }.Write(output, ProtocolVersion.V311);

        Assert.Equal([0x20, 2, 0, 5], output.WrittenSpan.ToArray());
    }

    private static ReadOnlySequence<byte> Utf8(string text) => new(Encoding.UTF8.GetBytes(text));
}
