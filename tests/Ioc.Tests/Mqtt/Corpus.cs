using Ioc.Mqtt;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Mqtt;

/// <summary>Valid packets of both versions, one at least of every type and form, and broken ones with what is wrong in them.</summary>
public static class Corpus
{
    private static readonly byte[] User = [0x26, .. Packets.Text("khóa"), .. Packets.Text("giá trị")];

    /// <summary>Name, version, bytes.</summary>
    public static TheoryData<string, ProtocolVersion, byte[]> EveryPacket()
    {
        var all = new TheoryData<string, ProtocolVersion, byte[]>();
        foreach (ProtocolVersion version in new[] { ProtocolVersion.V311, ProtocolVersion.V5 })
        {
            byte level = (byte)version;
            byte[]? none = version == ProtocolVersion.V5 ? [] : null;
            all.Add("connect", version, Packets.Connect(level: level));
            all.Add("connect without client id", version, Packets.Connect("", level: level));
            all.Add("connect with everything", version, Packets.Connect("cảm-biến-1", level, clean: false, keepAlive: 65_535, user: "u", password: "p", willTopic: "w/t", willQos: 1, willRetain: true));
            all.Add("connack", version, Packets.Packet(0x20, [1, 0, .. none is null ? [] : new byte[] { 0 }]));
            all.Add("publish qos 0", version, Packets.Publish(properties: none));
            all.Add("publish qos 1", version, Packets.Publish(qos: 1, packetId: 65_535, properties: none));
            all.Add("publish qos 2 dup retain", version, Packets.Publish(qos: 2, dup: true, retain: true, properties: none));
            all.Add("publish empty", version, Packets.Publish(payload: "", retain: true, properties: none));
            all.Add("publish long", version, Packets.Publish("province/gia-lai/" + new string('x', 200), new string('y', 300), properties: none));
            all.Add("puback", version, Packets.Puback());
            all.Add("pubrec", version, Packets.Packet(0x50, [0, 7]));
            all.Add("pubrel", version, Packets.Packet(0x62, [0, 7]));
            all.Add("pubcomp", version, Packets.Packet(0x70, [0, 7]));
            all.Add("subscribe", version, Packets.Subscribe("a/+/c/#", properties: none));
            all.Add("subscribe two", version, Packets.Packet(0x82, [0, 9, .. none is null ? [] : new byte[] { 0 }, .. Packets.Text("a"), 0, .. Packets.Text("+/ß"), 2]));
            all.Add("suback", version, Packets.Packet(0x90, [0, 9, .. none is null ? [] : new byte[] { 0 }, 0, 1, 0x80]));
            all.Add("unsubscribe", version, Packets.Unsubscribe("a/+", properties: none));
            all.Add("unsuback", version, Packets.Packet(0xB0, none is null ? [0, 9] : [0, 9, 0, 0, 0x11]));
            all.Add("pingreq", version, Packets.Pingreq());
            all.Add("pingresp", version, [0xD0, 0]);
            all.Add("disconnect", version, Packets.Disconnect());
        }

        AddWithProperties(all);
        return all;
    }

    /// <summary>What is wrong, version, bytes, and the status that says so.</summary>
    public static TheoryData<string, ProtocolVersion, byte[], string> EveryMistake() => new()
    {
        { "[MQTT-2.1.3-1] flags on CONNACK", ProtocolVersion.V5, [0x21, 0], "Malformed" },
        { "[MQTT-2.1.3-1] flags on PUBACK", ProtocolVersion.V5, [0x42, 0], "Malformed" },
        { "[MQTT-2.1.3-1] flags on PINGREQ", ProtocolVersion.V311, [0xC8, 0], "Malformed" },
        { "[MQTT-3.6.1-1] PUBREL without its flags", ProtocolVersion.V311, [0x60, 2, 0, 1], "Malformed" },
        { "[MQTT-3.10.1-1] UNSUBSCRIBE without its flags", ProtocolVersion.V5, [0xA0, 0], "Malformed" },
        { "[MQTT-3.14.1-1] flags on DISCONNECT", ProtocolVersion.V311, [0xE1, 0], "Malformed" },
        { "[MQTT-3.15.1-1] flags on AUTH", ProtocolVersion.V5, [0xF2, 0], "Malformed" },
        { "[MQTT-2.1.3-1] type zero (5.0), [MQTT-2.2.2-2] (3.1.1)", ProtocolVersion.V5, [0x00, 0], "Malformed" },
        { "[MQTT-2.1.3-1] flags on CONNECT", ProtocolVersion.V5, [0x11, 0], "Malformed" },
        { "[MQTT-3.8.1-1] SUBSCRIBE without its flags", ProtocolVersion.V311, [0x80, 0], "Malformed" },
        { "[MQTT-3.3.1-4] both QoS bits", ProtocolVersion.V311, Packets.Publish(qos: 3), "Malformed" },
        { "[MQTT-3.3.1-2] DUP at QoS 0", ProtocolVersion.V311, Packets.Publish(dup: true), "Malformed" },
        { "[MQTT-1.5.5-1] length not minimal", ProtocolVersion.V311, [0xC0, 0x80, 0x00], "Malformed" },
        { "1.5.5 length of five bytes", ProtocolVersion.V311, [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "Malformed" },
        { "[MQTT-2.2.1-3] packet id zero", ProtocolVersion.V311, Packets.Publish(qos: 1, packetId: 0), "ProtocolError" },
        { "[MQTT-2.2.1-3] SUBSCRIBE with packet id zero", ProtocolVersion.V5, Packets.Subscribe(packetId: 0, properties: []), "ProtocolError" },
        { "[MQTT-2.3.1-1] (3.1.1) UNSUBSCRIBE with packet id zero", ProtocolVersion.V311, Packets.Unsubscribe(packetId: 0), "ProtocolError" },
        { "[MQTT-2.2.1-5] PUBACK with packet id zero", ProtocolVersion.V311, Packets.Puback(0), "ProtocolError" },
        { "PUBLISH ends in its packet id", ProtocolVersion.V311, Packets.Packet(0x32, [0, 1, (byte)'a', 0]), "Malformed" },
        { "[MQTT-3.3.2-1] PUBLISH without a body", ProtocolVersion.V311, [0x30, 0], "Malformed" },
        { "[MQTT-2.2.2-1] PUBLISH without its properties' length", ProtocolVersion.V5, Packets.Packet(0x30, [0, 1, (byte)'a']), "Malformed" },
        { "1.5.5 properties' length not minimal", ProtocolVersion.V5, Packets.Packet(0x30, [0, 1, (byte)'a', 0x80, 0]), "Malformed" },
        { "[MQTT-4.7.0-1] wildcard in a topic (5.0), [MQTT-4.7.1-1] (3.1.1)", ProtocolVersion.V5, Packets.Publish("a/#", properties: []), "InvalidTopic" },
        { "[MQTT-3.3.2-2] wildcard in a topic", ProtocolVersion.V311, Packets.Publish("a/+"), "InvalidTopic" },
        { "[MQTT-4.7.3-1] empty topic", ProtocolVersion.V311, Packets.Publish(""), "InvalidTopic" },
        { "3.3.2.1 empty topic without alias", ProtocolVersion.V5, Packets.Publish("", properties: []), "ProtocolError" },
        { "[MQTT-1.5.4-2] U+0000 in a topic", ProtocolVersion.V311, Packets.Publish("a\0b"), "Malformed" },
        { "[MQTT-1.5.4-1] surrogate in a topic", ProtocolVersion.V311, Packets.Packet(0x30, [0, 3, 0xED, 0xA0, 0x80]), "Malformed" },
        { "[MQTT-1.5.4-1] overlong UTF-8", ProtocolVersion.V311, Packets.Packet(0x30, [0, 2, 0xC0, 0xAF]), "Malformed" },
        { "topic longer than the packet", ProtocolVersion.V311, Packets.Packet(0x30, [0, 9, (byte)'a']), "Malformed" },
        { "[MQTT-3.1.2-3] reserved connect flag", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 1, 0, 0, 0, 0]), "Malformed" },
        { "[MQTT-3.1.2-11] will QoS without will", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 8, 0, 0, 0, 0]), "Malformed" },
        { "[MQTT-3.1.2-22] (3.1.1) password without user name", ProtocolVersion.V311, Packets.Connect(password: "p"), "Malformed" },
        { "[MQTT-3.1.2-12] will QoS 3 (5.0), [MQTT-3.1.2-14] (3.1.1)", ProtocolVersion.V5, Packets.Connect(level: 5, willTopic: "w", willQos: 3), "Malformed" },
        { "[MQTT-3.1.2-13] will retain without will (5.0), [MQTT-3.1.2-15] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0x20, 0, 0, 0, 0]), "Malformed" },
        { "[MQTT-3.1.2-9] will announced and not there", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 4, 0, 0, .. Packets.Text("c")]), "Malformed" },
        { "[MQTT-3.1.2-11] (3.1.1) will not announced and there", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0, 0, 0, .. Packets.Text("c"), .. Packets.Text("w"), .. Packets.Text("gone")]), "Malformed" },
        { "[MQTT-3.1.2-17] user name announced and not there (5.0), [MQTT-3.1.2-19] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0x80, 0, 0, .. Packets.Text("c")]), "Malformed" },
        { "[MQTT-3.1.2-16] user name there and not announced (5.0), [MQTT-3.1.2-18] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0, 0, 0, .. Packets.Text("c"), .. Packets.Text("u")]), "Malformed" },
        { "[MQTT-3.1.2-19] password announced and not there (5.0), [MQTT-3.1.2-21] (3.1.1)", ProtocolVersion.V5, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 5, 0x40, 0, 0, 0, .. Packets.Text("c")]), "Malformed" },
        { "[MQTT-3.1.2-18] password there and not announced (5.0), [MQTT-3.1.2-20] (3.1.1)", ProtocolVersion.V5, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 5, 0, 0, 0, 0, .. Packets.Text("c"), .. Packets.Text("p")]), "Malformed" },
        { "[MQTT-3.1.3-3] no client id field", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 2, 0, 0]), "Malformed" },
        { "[MQTT-3.1.3-4] client id not UTF-8", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 2, 0, 0, 0, 1, 0xFF]), "Malformed" },
        { "[MQTT-3.1.3-11] will topic not UTF-8 (5.0), [MQTT-3.1.3-10] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 4, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0]), "Malformed" },
        { "[MQTT-3.1.3-12] user name not UTF-8 (5.0), [MQTT-3.1.3-11] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0x82, 0, 0, 0, 0, 0, 1, 0xFF]), "Malformed" },
        { "[MQTT-4.7.3-1] empty will topic", ProtocolVersion.V5, Packets.Connect(level: 5, willTopic: ""), "InvalidTopic" },
        { "will property of a connection", ProtocolVersion.V5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x11, 0, 0, 0, 1]), "Malformed" },
        { "connection property of a will", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x18, 0, 0, 0, 1]), "Malformed" },
        { "will delay twice", ProtocolVersion.V5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x18, 0, 0, 0, 1, 0x18, 0, 0, 0, 1]), "ProtocolError" },
        { "[MQTT-3.3.2-14] will's response topic with a wildcard", ProtocolVersion.V5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x08, .. Packets.Text("+")]), "ProtocolError" },
        { "3.1.2.11.7 request problem information of 2", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x17, 2]), "ProtocolError" },
        { "3.1.2.11.6 request response information of 2", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x19, 2]), "ProtocolError" },
        { "3.1.2.11.2 session expiry twice", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x11, 0, 0, 0, 1, 0x11, 0, 0, 0, 1]), "ProtocolError" },
        { "[MQTT-3.1.2-2] MQTT 3.1", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQIsdp"), 3, 2, 0, 0, .. Packets.Text("c")]), "UnsupportedVersion" },
        { "[MQTT-3.1.2-1] name of 3.1 at level 4", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQIsdp"), 4, 2, 0, 0, .. Packets.Text("c")]), "UnsupportedVersion" },
        { "[MQTT-3.1.2-1] name in small letters", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("mqtt"), 4, 2, 0, 0, .. Packets.Text("c")]), "UnsupportedVersion" },
        { "[MQTT-3.1.2-2] level 3 under the new name", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 3, 2, 0, 0, .. Packets.Text("c")]), "UnsupportedVersion" },
        { "[MQTT-3.1.2-1] other protocol", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("HTTP"), 4, 2, 0, 0, 0, 0]), "UnsupportedVersion" },
        { "[MQTT-3.1.2-2] level 6", ProtocolVersion.V5, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 6, 2, 0, 0, 0, 0]), "UnsupportedVersion" },
        { "bytes behind CONNECT", ProtocolVersion.V311, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 2, 0, 0, 0, 0, 0]), "Malformed" },
        { "will topic with a wildcard", ProtocolVersion.V311, Packets.Connect(willTopic: "a/#"), "InvalidTopic" },
        { "[MQTT-3.8.3-2] SUBSCRIBE without a filter", ProtocolVersion.V311, Packets.Packet(0x82, [0, 1]), "ProtocolError" },
        { "[MQTT-3.8.3-4] (3.1.1) SUBSCRIBE with reserved bits", ProtocolVersion.V311, Packets.Subscribe(options: 4), "Malformed" },
        { "[MQTT-3.8.3-5] SUBSCRIBE with reserved bits", ProtocolVersion.V5, Packets.Subscribe(options: 0x41, properties: []), "Malformed" },
        { "3.8.3.1 retain handling 3", ProtocolVersion.V5, Packets.Subscribe(options: 0x30, properties: []), "Malformed" },
        { "filter cut off", ProtocolVersion.V311, Packets.Packet(0x82, [0, 1, 0, 5, (byte)'a']), "Malformed" },
        { "[MQTT-3.10.3-2] UNSUBSCRIBE without a filter", ProtocolVersion.V5, Packets.Packet(0xA2, [0, 1, 0]), "ProtocolError" },
        { "2.2.2.2 property of another packet", ProtocolVersion.V5, Packets.Publish(properties: [0x11, 0, 0, 0, 1]), "Malformed" },
        { "[MQTT-3.8.3-1] filter not UTF-8", ProtocolVersion.V311, Packets.Packet(0x82, [0, 1, 0, 1, 0xFF, 0]), "Malformed" },
        { "[MQTT-3.10.3-1] filter not UTF-8", ProtocolVersion.V311, Packets.Packet(0xA2, [0, 1, 0, 1, 0xFF]), "Malformed" },
        { "[MQTT-4.7.3-2] U+0000 in a filter", ProtocolVersion.V311, Packets.Subscribe("a\0"), "Malformed" },
        { "SUBSCRIBE with QoS 3", ProtocolVersion.V5, Packets.Subscribe(options: 3, properties: []), "Malformed" },
        { "[MQTT-3.8.3-4] (3.1.1) QoS 3", ProtocolVersion.V311, Packets.Subscribe(options: 3), "Malformed" },
        { "[MQTT-3.8.3-4] No Local on a shared subscription (5.0)", ProtocolVersion.V5, Packets.Subscribe("$share/g/a", options: 4, properties: []), "ProtocolError" },
        { "3.8.2.1.2 subscription id zero", ProtocolVersion.V5, Packets.Subscribe(properties: [0x0B, 0]), "ProtocolError" },
        { "3.8.2.1.2 subscription id twice", ProtocolVersion.V5, Packets.Subscribe(properties: [0x0B, 1, 0x0B, 2]), "ProtocolError" },
        { "subscription id of five bytes", ProtocolVersion.V5, Packets.Subscribe(properties: [0x0B, 0xFF, 0xFF, 0xFF, 0xFF, 1]), "Malformed" },
        { "[MQTT-1.5.7-1] user property's name not UTF-8", ProtocolVersion.V5, Packets.Publish(properties: [0x26, 0, 1, 0xFF, 0, 0]), "Malformed" },
        { "[MQTT-1.5.7-1] user property's value with U+0000", ProtocolVersion.V5, Packets.Publish(properties: [0x26, 0, 0, 0, 1, 0]), "Malformed" },
        { "[MQTT-3.3.2-13] response topic not UTF-8", ProtocolVersion.V5, Packets.Publish(properties: [0x08, 0, 1, 0xFF]), "Malformed" },
        { "[MQTT-3.3.2-19] content type not UTF-8", ProtocolVersion.V5, Packets.Publish(properties: [0x03, 0, 1, 0xFF]), "Malformed" },
        { "3.3.2.3.4 topic alias twice", ProtocolVersion.V5, Packets.Publish(properties: [0x23, 0, 1, 0x23, 0, 1]), "ProtocolError" },
        { "[MQTT-3.4.2-1] PUBACK with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x40, [0, 1, 0x92]), "ProtocolError" },
        { "[MQTT-3.5.2-1] PUBREC with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x50, [0, 1, 0x01]), "ProtocolError" },
        { "[MQTT-3.6.2-1] PUBREL with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x62, [0, 1, 0x80]), "ProtocolError" },
        { "[MQTT-3.7.2-1] PUBCOMP with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x70, [0, 1, 0x10]), "ProtocolError" },
        { "[MQTT-3.9.3-2] SUBACK with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x90, [0, 1, 0, 3]), "ProtocolError" },
        { "[MQTT-3.9.3-2] SUBACK with a code of 5.0", ProtocolVersion.V311, Packets.Packet(0x90, [0, 1, 0x87]), "ProtocolError" },
        { "[MQTT-3.11.3-2] UNSUBACK with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0xB0, [0, 1, 0, 0x97]), "ProtocolError" },
        { "[MQTT-3.14.2-1] DISCONNECT with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0xE0, [0x01]), "ProtocolError" },
        { "[MQTT-3.15.2-1] AUTH with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0xF0, [0x80]), "ProtocolError" },
        { "3.15.2.2.2 AUTH without a method", ProtocolVersion.V5, Packets.Packet(0xF0, [0x18]), "ProtocolError" },
        { "[MQTT-3.2.2-8] CONNACK with a reason it does not have", ProtocolVersion.V5, Packets.Packet(0x20, [0, 0x8E, 0]), "ProtocolError" },
        { "3.1.1 table 3.1: return code 6", ProtocolVersion.V311, Packets.Packet(0x20, [0, 6]), "Malformed" },
        { "[MQTT-3.2.2-6] session present in a refusal (5.0), [MQTT-3.2.2-4] (3.1.1)", ProtocolVersion.V311, Packets.Packet(0x20, [1, 5]), "ProtocolError" },
        { "unknown property", ProtocolVersion.V5, Packets.Publish(properties: [0x7F, 0]), "Malformed" },
        { "property twice", ProtocolVersion.V5, Packets.Publish(properties: [0x01, 0, 0x01, 1]), "ProtocolError" },
        { "property cut off", ProtocolVersion.V5, Packets.Publish(properties: [0x02, 0, 0]), "Malformed" },
        { "properties longer than the packet", ProtocolVersion.V5, Packets.Packet(0x30, [0, 1, (byte)'a', 9, 1]), "Malformed" },
        { "flag property of 2", ProtocolVersion.V5, Packets.Publish(properties: [0x01, 2]), "ProtocolError" },
        { "[MQTT-3.3.2-8] alias zero", ProtocolVersion.V5, Packets.Publish(properties: [0x23, 0, 0]), "InvalidTopicAlias" },
        { "[MQTT-3.3.2-14] response topic with a wildcard", ProtocolVersion.V5, Packets.Publish(properties: [0x08, .. Packets.Text("a/#")]), "ProtocolError" },
        { "receive maximum zero", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x21, 0, 0]), "ProtocolError" },
        { "maximum packet size zero", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x27, 0, 0, 0, 0]), "ProtocolError" },
        { "authentication data without method", ProtocolVersion.V5, Packets.Connect(level: 5, properties: [0x16, 0, 1, 9]), "ProtocolError" },
        { "PUBACK of one byte", ProtocolVersion.V5, Packets.Packet(0x40, [0]), "Malformed" },
        { "PUBACK with a reason in 3.1.1", ProtocolVersion.V311, Packets.Packet(0x40, [0, 1, 0]), "Malformed" },
        { "PINGREQ with a body", ProtocolVersion.V311, [0xC0, 1, 0], "Malformed" },
        { "DISCONNECT with a body in 3.1.1", ProtocolVersion.V311, [0xE0, 1, 0], "Malformed" },
        { "AUTH in 3.1.1", ProtocolVersion.V311, [0xF0, 0], "Malformed" },
        { "PINGRESP with a body", ProtocolVersion.V5, [0xD0, 1, 0], "Malformed" },
        { "DISCONNECT with bytes behind its properties", ProtocolVersion.V5, Packets.Packet(0xE0, [0, 0, 0]), "Malformed" },
        { "[MQTT-3.2.2-1] CONNACK with reserved bits", ProtocolVersion.V311, Packets.Packet(0x20, [2, 0]), "Malformed" },
        { "SUBACK without codes", ProtocolVersion.V5, Packets.Packet(0x90, [0, 1, 0]), "Malformed" },
    };

    private static void AddWithProperties(TheoryData<string, ProtocolVersion, byte[]> all)
    {
        const ProtocolVersion v5 = ProtocolVersion.V5;
        all.Add("connect properties", v5, Packets.Connect(level: 5, user: null, password: "alone", willTopic: "w", willProperties: [0x18, 0, 0, 0, 9, 0x01, 1, .. User],
            properties: [0x11, 0, 0, 1, 0, 0x21, 0, 20, 0x27, 0, 1, 0, 0, 0x22, 0, 5, 0x19, 1, 0x17, 0, .. User, .. User, 0x15, .. Packets.Text("SCRAM"), 0x16, 0, 2, 0xFF, 0]));
        all.Add("connack properties", v5, Packets.Packet(0x20, [0, 0x86, .. Packets.Sized([0x11, 0, 0, 0, 0, 0x21, 0, 1, 0x24, 1, 0x25, 1, 0x27, 0, 1, 0, 0, 0x12, .. Packets.Text("id"), 0x22, 0, 0,
            0x1F, .. Packets.Text("không"), 0x28, 1, 0x29, 0, 0x2A, 0, 0x13, 0, 60, 0x1A, .. Packets.Text("r"), 0x1C, .. Packets.Text("s"), .. User])]));
        all.Add("publish properties", v5, Packets.Publish(qos: 1, properties: [0x01, 1, 0x02, 0, 0, 0, 60, 0x03, .. Packets.Text("application/json"), 0x08, .. Packets.Text("r/t"), 0x09, 0, 3, 1, 2, 3, 0x23, 0, 1, .. User, .. User]));
        // 1.5.4: noncharacters and control characters should not be sent, and are not refused. [MQTT-1.5.4-3] U+FEFF stays.
        all.Add("publish odd characters", v5, Packets.Publish("\uFEFFa/\uFFFF/\u0001/\U0001F600", properties: [0x03, .. Packets.Text("\uFDD0")]));
        // [MQTT-3.1.2-22] is 3.1.1's alone.
        all.Add("connect with a password alone", v5, Packets.Connect(level: 5, password: "p"));
        all.Add("subscribe shared", v5, Packets.Subscribe("$share/g/a/#", properties: []));
        all.Add("publish by alias", v5, Packets.Publish("", properties: [0x23, 0, 1]));
        all.Add("publish with subscription ids", v5, Packets.Publish(properties: [0x0B, 0x80, 0x01, 0x0B, 5]));
        all.Add("publish with 130 bytes of properties", v5, Packets.Publish(properties: [0x03, .. Packets.Text(new string('c', 127))]));
        all.Add("puback reason", v5, Packets.Packet(0x40, [0, 1, 0x97]));
        all.Add("puback reason string", v5, Packets.Packet(0x40, [0, 1, 0x97, .. Packets.Sized([0x1F, .. Packets.Text("full"), .. User])]));
        all.Add("subscribe id", v5, Packets.Subscribe("a", options: 0x2E, properties: [0x0B, 0xFF, 0xFF, 0xFF, 0x7F, .. User]));
        all.Add("suback reason", v5, Packets.Packet(0x90, [0, 1, .. Packets.Sized([0x1F, .. Packets.Text("no")]), 0x87]));
        all.Add("unsubscribe user", v5, Packets.Unsubscribe("a", properties: User));
        all.Add("disconnect reason", v5, Packets.Packet(0xE0, [0x8E]));
        all.Add("disconnect properties", v5, Packets.Packet(0xE0, [0x04, .. Packets.Sized([0x11, 0, 0, 0, 0, 0x1F, .. Packets.Text("x"), 0x1C, .. Packets.Text("b")])]));
        all.Add("auth", v5, Packets.Packet(0xF0, [0x18, .. Packets.Sized([0x15, .. Packets.Text("SCRAM"), 0x16, 0, 1, 7])]));
    }
}
