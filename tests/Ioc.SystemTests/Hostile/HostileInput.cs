using Ioc.Testing;

namespace Ioc.SystemTests.Hostile;

/// <summary>What must become of a hostile input.</summary>
internal enum Fate
{
    /// <summary>The connection ends; with 5.0 after a DISCONNECT that gives one of the reasons.</summary>
    Ends,

    /// <summary>A packet of the named type answers it, and the connection goes on.</summary>
    Answered,

    /// <summary>Nothing happens and the connection goes on.</summary>
    Ignored,

    /// <summary>Either end or answer: the standard leaves it open.</summary>
    EndsOrAnswered,

    /// <summary>It is the beginning of a packet: the server waits, and ends when nothing follows.</summary>
    Waits,
}

/// <summary>One thing that no client should send.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Level">4 for 3.1.1, 5 for 5.0; the version of the CONNECT before it.</param>
/// <param name="Bytes">Sent after CONNACK; in its place where the name begins with CONNECT.</param>
/// <param name="Fate">What must become of it.</param>
/// <param name="Codes">Reason codes that may be given at the end, or first bytes of the packet that answers.</param>
internal sealed record HostileInput(string Name, int Level, byte[] Bytes, Fate Fate, params byte[] Codes)
{
    private static readonly byte[] Broken = [0x81, 0x82];

    /// <summary>The corpus.</summary>
    public static IReadOnlyList<HostileInput> All { get; } = [.. Of(4), .. Of(5), .. Only311(), .. PropertiesOf5()];

    public override string ToString() => $"{(Level == 5 ? "5.0" : "3.1.1")} {Name}";

    private static HostileInput End(string name, int level, byte[] bytes, params byte[] codes) => new(name, level, bytes, Fate.Ends, codes.Length == 0 ? Broken : codes);

    // Broken alike in both versions; properties are where 5.0 has them.
    private static IEnumerable<HostileInput> Of(int level)
    {
        bool v5 = level == 5;
        byte[] none = v5 ? [0] : [];
        byte[] id = [0, 9];
        byte[] topic = Packets.Text("a/b");

        yield return End("CONNECT a second time", level, Packets.Connect("again", (byte)level));
        yield return End("CONNECT with flags", level, [0x11, .. Packets.Connect("again", (byte)level)[1..]]);
        foreach (int header in (int[])[0x00, 0x0F, 0x01])
            yield return End($"type 0 ({header:X2})", level, [(byte)header, 0]);
        yield return End("CONNACK from a client", level, Packets.Packet(0x20, [0, 0, .. none]));
        yield return End("SUBACK from a client", level, Packets.Packet(0x90, [.. id, .. none, 0]));
        yield return End("UNSUBACK from a client", level, Packets.Packet(0xB0, [.. id, .. none]));
        yield return End("PINGRESP from a client", level, [0xD0, 0]);
        yield return End("AUTH out of the blue", level, [0xF0, 0]);
        yield return End("AUTH with flags", level, [0xF3, 0]);

        yield return End("PUBLISH at QoS 3", level, Packets.Packet(0x36, [.. topic, .. id, .. none]));
        yield return End("PUBLISH at QoS 3 with DUP and retain", level, Packets.Packet(0x3F, [.. topic, .. id, .. none]));
        yield return End("PUBLISH at QoS 0 with DUP", level, Packets.Packet(0x38, [.. topic, .. none]));
        yield return End("PUBLISH without a body", level, [0x30, 0]);
        yield return End("PUBLISH with half a topic length", level, [0x30, 1, 0]);
        yield return End("PUBLISH whose topic is longer than the packet", level, [0x30, 4, 0xFF, 0xFF, (byte)'a', (byte)'b']);
        yield return End("PUBLISH with an empty topic", level, Packets.Packet(0x30, [0, 0, .. none, 1]), 0x81, 0x82, 0x90);
        foreach (string bad in (string[])["a/+", "#", "a/#", "+", "a+b/c", "a/b#"])
            yield return End($"PUBLISH to {bad}", level, Packets.Packet(0x30, [.. Packets.Text(bad), .. none]), 0x81, 0x82, 0x90);
        foreach ((string what, byte[] text) in BadTexts())
            yield return End($"PUBLISH to a topic with {what}", level, Packets.Packet(0x30, [.. Packets.Number(text.Length), .. text, .. none]), 0x81, 0x82, 0x90);
        yield return End("PUBLISH with packet id 0", level, Packets.Packet(0x32, [.. topic, 0, 0, .. none]));
        yield return End("PUBLISH at QoS 2 with packet id 0", level, Packets.Packet(0x34, [.. topic, 0, 0, .. none]));
        yield return End("PUBLISH without its packet id", level, Packets.Packet(0x32, topic));
        yield return End("PUBLISH with half a packet id", level, Packets.Packet(0x32, [.. topic, 9]));

        foreach ((string name, int header) in new (string, int)[] { ("PUBACK", 0x40), ("PUBREC", 0x50), ("PUBREL", 0x62), ("PUBCOMP", 0x70) })
            foreach (HostileInput ack in Acks(name, header, level))
                yield return ack;

        foreach ((string name, int header, byte[] rest) in new (string, int, byte[])[] { ("SUBSCRIBE", 0x82, [1]), ("UNSUBSCRIBE", 0xA2, []) })
        {
            byte[] entry = [.. topic, .. rest];
            yield return End($"{name} without flags", level, Packets.Packet(header & 0xF0, [.. id, .. none, .. entry]));
            yield return End($"{name} with wrong flags", level, Packets.Packet(header | 0x0F, [.. id, .. none, .. entry]));
            yield return End($"{name} with packet id 0", level, Packets.Packet(header, [0, 0, .. none, .. entry]));
            yield return End($"{name} without a body", level, [(byte)header, 0]);
            yield return End($"{name} with half a packet id", level, [(byte)header, 1, 0]);
            yield return End($"{name} without a filter", level, Packets.Packet(header, [.. id, .. none]));
            yield return End($"{name} whose filter is longer than the packet", level, Packets.Packet(header, [.. id, .. none, 0xFF, 0xFF, .. entry]));
            yield return End($"{name} with a second filter cut off", level, Packets.Packet(header, [.. id, .. none, .. entry, 0, 3, (byte)'a']));
            yield return Either($"{name} with an empty filter", level, header, [.. id, .. none, 0, 0, .. rest]);
            foreach ((string what, byte[] text) in BadTexts())
                yield return Either($"{name} with {what}", level, header, [.. id, .. none, .. Packets.Number(text.Length), .. text, .. rest]);
            foreach (string bad in (string[])["a/#/b", "a+", "+a/b", "#a", "a#", "##", "$share//a", "$share/g", "$share/+/a", "$share/g/"])
                yield return Either($"{name} {bad}", level, header, [.. id, .. none, .. Packets.Text(bad), .. rest]);
        }

        yield return End("SUBSCRIBE without options", level, Packets.Packet(0x82, [.. id, .. none, .. topic]));
        yield return End("SUBSCRIBE at QoS 3", level, Packets.Packet(0x82, [.. id, .. none, .. topic, 3]));
        foreach (int options in (int[])[0x40, 0x80, 0xC0])
            yield return End($"SUBSCRIBE with reserved options {options:X2}", level, Packets.Packet(0x82, [.. id, .. none, .. topic, (byte)options]));

        yield return End("PINGREQ with a body", level, [0xC0, 1, 0]);
        yield return End("PINGREQ with flags", level, [0xC1, 0]);
        yield return End("DISCONNECT with flags", level, [0xE1, 0]);

        foreach (int header in (int[])[0x30, 0x40, 0x82, 0xC0, 0xE0])
            yield return End($"a length of five bytes ({header:X2})", level, [(byte)header, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
        yield return End("a length longer written than need be", level, [0xC0, 0x80, 0x00]);
        yield return End("a packet larger than allowed", level, [0x30, .. Packets.Length(300_000)], 0x95);
        yield return End("the largest packet there can be", level, [0x30, 0xFF, 0xFF, 0xFF, 0x7F], 0x95);

        foreach (byte[] whole in (byte[][])[Packets.Packet(0x32, [.. topic, .. id, .. none, 1, 2, 3]), Packets.Packet(0x82, [.. id, .. none, .. topic, 1]), [0xC0, 0], [0x30, 0x80, 0x80, 0x00]])
            yield return new HostileInput($"half a packet {whole[0]:X2}", level, whole[..^1], Fate.Waits);
        foreach (HostileInput connect in Connects(level))
            yield return connect;
    }

    private static HostileInput Either(string name, int level, int header, byte[] body) =>
        new(name, level, Packets.Packet(header, body), Fate.EndsOrAnswered, 0x81, 0x82, 0x8F, (byte)(header == 0x82 ? 0x90 : 0xB0));

    private static IEnumerable<HostileInput> Acks(string name, int header, int level)
    {
        byte[] answer = header switch { 0x50 => [0x62], 0x62 => [0x70], _ => [] };
        yield return End($"{name} with wrong flags", level, Packets.Packet(header ^ 2, [0, 9]));
        yield return End($"{name} with all flags", level, Packets.Packet(header | 0x0D, [0, 9]));
        yield return End($"{name} without a body", level, [(byte)header, 0]);
        yield return End($"{name} with half a packet id", level, [(byte)header, 1, 9]);
        yield return End($"{name} with packet id 0", level, Packets.Packet(header, [0, 0]));
        yield return new HostileInput($"{name} for nothing", level, Packets.Packet(header, [0x7F, 9]), answer.Length == 0 ? Fate.Ignored : Fate.Answered, answer);
        if (level == 4)
        {
            yield return End($"{name} with a byte too many", level, Packets.Packet(header, [0, 9, 0]));
        }
        else
        {
            yield return End($"{name} whose properties are longer than the packet", level, Packets.Packet(header, [0, 9, 0, 0x7F]));
            yield return End($"{name} with an unknown property", level, Packets.Packet(header, [0, 9, 0, 2, 0x7E, 0]));
            yield return End($"{name} with another packet's property", level, Packets.Packet(header, [0, 9, 0, 3, 0x23, 0, 1]));
            yield return End($"{name} with two reason strings", level, Packets.Packet(header, [0, 9, 0, 8, 0x1F, 0, 1, (byte)'a', 0x1F, 0, 1, (byte)'b']));
            yield return End($"{name} with bytes behind its properties", level, Packets.Packet(header, [0, 9, 0, 0, 1, 2]));
        }
    }

    private static IEnumerable<HostileInput> Connects(int level)
    {
        bool v5 = level == 5;
        byte[] none = v5 ? [0] : [];
        byte l = (byte)level;
        byte[] name = Packets.Text("MQTT");
        byte[] client = Packets.Text("c");

        HostileInput Bad(string what, byte[] body) => new($"CONNECT {what}", level, Packets.Packet(0x10, body), Fate.Ends);

        yield return Bad("without a body", []);
        yield return Bad("with a foreign name", [.. Packets.Text("MQTX"), l, 2, 0, 60, .. none, .. client]);
        yield return Bad("with an empty name", [0, 0, l, 2, 0, 60, .. none, .. client]);
        yield return Bad("with a name longer than the packet", [0xFF, 0xFF, .. "MQTT"u8, l, 2, 0, 60, .. none, .. client]);
        foreach (int other in (int[])[0, 1, 2, 3, 6, 127, 255])
            yield return Bad($"of level {other}", [.. name, (byte)other, 2, 0, 60, .. none, .. client]);
        yield return Bad("with the reserved flag", [.. name, l, 3, 0, 60, .. none, .. client]);
        yield return Bad("with a will at QoS 3", [.. name, l, 0x1E, 0, 60, .. none, .. client, .. none, .. Packets.Text("w"), .. Packets.Text("p")]);
        yield return Bad("with a will's QoS and no will", [.. name, l, 0x0A, 0, 60, .. none, .. client]);
        yield return Bad("with a will's retain and no will", [.. name, l, 0x22, 0, 60, .. none, .. client]);
        yield return Bad("that announces a will and has none", [.. name, l, 0x06, 0, 60, .. none, .. client]);
        yield return Bad("with a will for a wildcard", [.. name, l, 0x06, 0, 60, .. none, .. client, .. none, .. Packets.Text("w/#"), .. Packets.Text("p")]);
        yield return Bad("with a will for nowhere", [.. name, l, 0x06, 0, 60, .. none, .. client, .. none, 0, 0, .. Packets.Text("p")]);
        yield return Bad("with a will cut off", [.. name, l, 0x06, 0, 60, .. none, .. client, .. none, .. Packets.Text("w"), 0, 9, 1]);
        yield return Bad("with a will for $SYS", [.. name, l, 0x06, 0, 60, .. none, .. client, .. none, .. Packets.Text("$SYS/x"), .. Packets.Text("p")]);
        yield return Bad("that announces a user name and has none", [.. name, l, 0x82, 0, 60, .. none, .. client]);
        yield return Bad("that announces a password and has none", [.. name, l, 0xC2, 0, 60, .. none, .. client, .. Packets.Text("u")]);
        yield return Bad("with a password longer than the packet", [.. name, l, 0xC2, 0, 60, .. none, .. client, .. Packets.Text("u"), 0xFF, 0xFF, 1]);
        yield return Bad("without keep alive", [.. name, l, 2]);
        yield return Bad("with half a keep alive", [.. name, l, 2, 0]);
        yield return Bad("without a client id", [.. name, l, 2, 0, 60, .. none]);
        yield return Bad("with a client id longer than the packet", [.. name, l, 2, 0, 60, .. none, 0xFF, 0xFF, 1]);
        yield return Bad("with bytes behind its end", [.. name, l, 2, 0, 60, .. none, .. client, 1, 2, 3]);
        foreach ((string what, byte[] text) in BadTexts())
        {
            yield return Bad($"with {what} in the client id", [.. name, l, 2, 0, 60, .. none, .. Packets.Number(text.Length), .. text]);
            yield return Bad($"with {what} in the user name", [.. name, l, 0x82, 0, 60, .. none, .. client, .. Packets.Number(text.Length), .. text]);
        }

        foreach (int header in (int[])[0x20, 0x30, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xA2, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0])
            yield return new HostileInput($"CONNECT replaced by {header:X2}", level, [(byte)header, 0], Fate.Ends);
    }

    private static IEnumerable<HostileInput> Only311()
    {
        yield return new HostileInput("CONNECT without a name that asks for its session", 4, Packets.Connect("", clean: false), Fate.Ends);
        yield return new HostileInput("CONNECT with a password and no user name", 4, Packets.Packet(0x10, [.. Packets.Text("MQTT"), 4, 0x42, 0, 60, .. Packets.Text("c"), .. Packets.Text("p")]), Fate.Ends);
        yield return End("DISCONNECT with a body", 4, [0xE0, 1, 0]);
        yield return End("SUBSCRIBE with options of 5.0", 4, Packets.Subscribe("a/b", options: 0x2D));
        yield return End("UNSUBSCRIBE with options", 4, Packets.Packet(0xA2, [0, 9, .. Packets.Text("a/b"), 1]));
    }

    private static IEnumerable<HostileInput> PropertiesOf5()
    {
        byte[] userProperty = [0x26, 0, 1, (byte)'k', 0, 1, (byte)'v'];
        foreach ((string what, byte[] properties, byte[] codes) in new (string, byte[], byte[])[]
        {
            ("an unknown property", [0x7E, 0], []),
            ("property id 0", [0, 0], []),
            ("a property cut off", [0x02, 0, 0], []),
            ("a payload format of 2", [0x01, 2], []),
            ("two payload formats", [0x01, 0, 0x01, 0], []),
            ("two expiries", [0x02, 0, 0, 0, 9, 0x02, 0, 0, 0, 9], []),
            ("two content types", [0x03, 0, 1, (byte)'a', 0x03, 0, 1, (byte)'a'], []),
            ("two correlations", [0x09, 0, 1, 1, 0x09, 0, 1, 1], []),
            ("a content type of bad text", [0x03, 0, 2, 0xC3, 0x28], []),
            ("a response topic with a wildcard", [0x08, 0, 3, (byte)'a', (byte)'/', (byte)'#'], [0x81, 0x82, 0x90]),
            ("a user property without value", [0x26, 0, 1, (byte)'k'], []),
            ("a user property with NUL", [0x26, 0, 1, 0, 0, 1, (byte)'v'], []),
            ("a subscription identifier", [0x0B, 1], []),
            ("a receive maximum", [0x21, 0, 5], []),
            ("a session expiry", [0x11, 0, 0, 0, 1], []),
            ("a will delay", [0x18, 0, 0, 0, 1], []),
            ("alias 0", [0x23, 0, 0], [0x94, 0x82]),
            ("an alias above the maximum", [0x23, 0xFF, 0xFF], [0x94]),
            ("two aliases", [0x23, 0, 1, 0x23, 0, 2], []),
        })
        {
            yield return End($"PUBLISH with {what}", 5, Packets.Publish(properties: properties), codes);
        }

        yield return End("PUBLISH with an alias never set", 5, Packets.Publish(topic: "", properties: [0x23, 0, 7]));
        yield return End("PUBLISH without its properties", 5, Packets.Packet(0x30, Packets.Text("a/b")));
        yield return End("PUBLISH whose properties are longer than the packet", 5, Packets.Packet(0x30, [.. Packets.Text("a/b"), 0x7F]));
        yield return End("PUBLISH with a property length of five bytes", 5, Packets.Packet(0x30, [.. Packets.Text("a/b"), 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]));
        yield return End("PUBLISH with a property length longer written than need be", 5, Packets.Packet(0x30, [.. Packets.Text("a/b"), 0x80, 0x00]));
        yield return End("SUBSCRIBE with retain handling 3", 5, Packets.Subscribe("a/b", options: 0x31, properties: []));
        yield return End("SUBSCRIBE with no local on a shared filter", 5, Packets.Subscribe("$share/g/a", options: 0x05, properties: []));
        yield return End("SUBSCRIBE with identifier 0", 5, Packets.Subscribe("a/b", properties: [0x0B, 0]));
        yield return End("SUBSCRIBE with an identifier of five bytes", 5, Packets.Subscribe("a/b", properties: [0x0B, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]));
        yield return End("SUBSCRIBE with two identifiers", 5, Packets.Subscribe("a/b", properties: [0x0B, 1, 0x0B, 2]));
        yield return End("SUBSCRIBE with another packet's property", 5, Packets.Subscribe("a/b", properties: [0x23, 0, 1]));
        yield return End("UNSUBSCRIBE with another packet's property", 5, Packets.Unsubscribe("a/b", properties: [0x0B, 1]));
        yield return End("DISCONNECT with a session expiry it did not have", 5, [0xE0, 7, 0, 5, 0x11, 0, 0, 0, 9]);
        yield return End("DISCONNECT with properties longer than the packet", 5, [0xE0, 2, 0, 0x7F]);
        yield return End("DISCONNECT with another packet's property", 5, [0xE0, 5, 0, 3, 0x23, 0, 1]);
        yield return End("AUTH that goes on with nothing", 5, [0xF0, 2, 0x18, 0]);
        yield return End("AUTH with a method", 5, [0xF0, 6, 0x18, 4, 0x15, 0, 1, (byte)'m'], 0x81, 0x82, 0x8C);

        foreach ((string what, byte[] properties) in new (string, byte[])[]
        {
            ("an unknown property", [0x7E, 0]),
            ("receive maximum 0", [0x21, 0, 0]),
            ("packet size 0", [0x27, 0, 0, 0, 0]),
            ("two session expiries", [0x11, 0, 0, 0, 1, 0x11, 0, 0, 0, 1]),
            ("request problem information 2", [0x17, 2]),
            ("request response information 2", [0x19, 2]),
            ("authentication data without a method", [0x16, 0, 1, 1]),
            ("a method we do not know", [0x15, 0, 1, (byte)'m']),
            ("a topic alias", [0x23, 0, 1]),
            ("a user property cut off", [0x26, 0, 9, (byte)'k']),
        })
        {
            yield return new HostileInput($"CONNECT with {what}", 5, Packets.Connect(level: 5, properties: properties), Fate.Ends);
        }

        yield return new HostileInput("CONNECT with a will's alias", 5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x23, 0, 1]), Fate.Ends);
        yield return new HostileInput("CONNECT with a will's payload format 2", 5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x01, 2]), Fate.Ends);
        yield return new HostileInput("CONNECT with two will delays", 5, Packets.Connect(level: 5, willTopic: "w", willProperties: [0x18, 0, 0, 0, 1, 0x18, 0, 0, 0, 1]), Fate.Ends);
        yield return new HostileInput("CONNECT with two user properties", 5, Packets.Connect(level: 5, properties: [.. userProperty, .. userProperty]), Fate.Answered, 0x20);
    }

    private static IEnumerable<(string What, byte[] Text)> BadTexts()
    {
        yield return ("NUL", [(byte)'a', 0, (byte)'b']);
        yield return ("a cut sequence", [(byte)'a', 0xC3]);
        yield return ("a wrong sequence", [0xC3, 0x28]);
        yield return ("half a surrogate pair", [0xED, 0xA0, 0x80]);
        yield return ("an overlong slash", [0xC0, 0xAF]);
        yield return ("a character beyond Unicode", [0xF4, 0x90, 0x80, 0x80]);
        yield return ("a lone continuation", [0x80]);
    }
}
