using Ioc.Mqtt;
using Ioc.Testing;

namespace Ioc.Tests.Mqtt.Fuzz;

/// <summary>Random valid packets of every type in both versions, put together from the standard's tables and not by the product's codec.</summary>
internal sealed class PacketGrammar(Random random)
{
    private static readonly string[] Words = ["a", "đo", "gia-lai", "", "$x", "\uFEFF", "\U0001F4A7", new('w', 130)];

    // Number and shape: 1, 2, 4 bytes, v(ariable), t(ext), b(ytes), p(air); f is a flag, n a number that is not zero.
    private const string PublishTable = "01f 024 03t 08r 09b 0Bv* 232n 26p*";
    private const string WillTable = "01f 024 03t 08r 09b 184 26p*";
    private const string ConnectTable = "114 15t 17f 19f 212n 222 274n 26p*";
    private const string ConnackTable = "114 12t 132 15t 212n 222 24f 25f 274n 28f 29f 2Af 1At 1Ct 1Ft 26p*";
    private const string SubscribeTable = "0Bv 26p*";
    private const string ReasonTable = "1Ft 26p*";
    private const string DisconnectTable = "114 1Ct 1Ft 26p*";

    public (ProtocolVersion Version, byte[] Bytes) Next()
    {
        ProtocolVersion version = random.Next(2) == 0 ? ProtocolVersion.V311 : ProtocolVersion.V5;
        bool v5 = version == ProtocolVersion.V5;
        byte[] bytes = random.Next(v5 ? 15 : 14) switch
        {
            0 => Connect(v5),
            1 => Connack(v5),
            2 or 3 => Publish(v5),
            4 => Ack(0x40, v5, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
            5 => Ack(0x50, v5, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
            6 => Ack(0x62, v5, [0x00, 0x92]),
            7 => Ack(0x70, v5, [0x00, 0x92]),
            8 => Packets.Packet(0x82, [.. Id(), .. Properties(v5, SubscribeTable), .. Several(() => [.. Filter(), Options(v5)])]),
            9 => Packets.Packet(0x90, [.. Id(), .. Properties(v5, ReasonTable), .. Several(() => [Pick(v5 ? [0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x97, 0x9E] : [0, 1, 2, 0x80])])]),
            10 => Packets.Packet(0xA2, [.. Id(), .. Properties(v5, "26p*"), .. Several(Filter)]),
            11 => Packets.Packet(0xB0, [.. Id(), .. Properties(v5, ReasonTable), .. v5 ? Several(() => [Pick([0, 0x11, 0x80, 0x87])]) : []]),
            12 => random.Next(2) == 0 ? Packets.Pingreq() : [0xD0, 0],
            13 => Disconnect(v5),
            _ => Packets.Packet(0xF0, [Pick([0x00, 0x18, 0x19]), .. Packets.Sized([0x15, .. Text(), .. random.Next(2) == 0 ? [0x16, .. Binary()] : Packets.None])]),
        };
        return (version, bytes);
    }

    private byte[] Publish(bool v5)
    {
        int qos = random.Next(3);
        byte[] topic = Packets.Text("t" + Words[random.Next(Words.Length)] + "/" + Words[random.Next(Words.Length)]);
        return Packets.Packet(0x30 | (qos << 1) | random.Next(2) | (qos > 0 ? random.Next(2) << 3 : 0), [.. topic, .. qos > 0 ? Id() : [], .. Properties(v5, PublishTable), .. Bytes(random.Next(8) == 0 ? 5_000 : 300)]);
    }

    private byte[] Connect(bool v5)
    {
        bool user = random.Next(2) == 0, password = random.Next(2) == 0 && (v5 || user), will = random.Next(2) == 0;
        int flags = (random.Next(2) << 1) | (user ? 0x80 : 0) | (password ? 0x40 : 0) | (will ? 4 | (random.Next(3) << 3) | (random.Next(2) << 5) : 0);
        return Packets.Packet(0x10,
        [
            .. Packets.Text("MQTT"), (byte)(v5 ? 5 : 4), (byte)flags, .. Bytes2(), .. Properties(v5, ConnectTable), .. Text(),
            .. will ? [.. Properties(v5, WillTable), .. Packets.Text("w/" + random.Next(9)), .. Binary()] : Packets.None,
            .. user ? Text() : [], .. password ? Binary() : [],
        ]);
    }

    private byte[] Connack(bool v5)
    {
        byte code = Pick(v5 ? [0, 0x80, 0x84, 0x87, 0x97, 0x9F] : [0, 1, 2, 3, 4, 5]);
        return Packets.Packet(0x20, [code == 0 ? (byte)random.Next(2) : (byte)0, code, .. Properties(v5, ConnackTable)]);
    }

    private byte[] Ack(int header, bool v5, byte[] codes) => Packets.Packet(header, [.. Id(), .. Reason(v5, codes, ReasonTable)]);

    private byte[] Disconnect(bool v5) => Packets.Packet(0xE0, Reason(v5, [0x00, 0x04, 0x81, 0x8B, 0x8E, 0xA2], DisconnectTable));

    // Nothing, a code, or a code and properties.
    private byte[] Reason(bool v5, byte[] codes, string table) => (v5 ? random.Next(3) : 0) switch
    {
        0 => [],
        1 => [Pick(codes)],
        _ => [Pick(codes), .. Properties(true, table)],
    };

    private byte[] Properties(bool v5, string table)
    {
        if (!v5)
            return [];

        var raw = new List<byte>();
        foreach (string entry in table.Split(' '))
        {
            int times = random.Next(3) > 0 ? 0 : entry.EndsWith('*') ? random.Next(1, 4) : 1;
            for (; times > 0; times--)
                raw.AddRange([Convert.ToByte(entry[..2], 16), .. Value(entry[2..].TrimEnd('*'))]);
        }

        return Packets.Sized([.. raw]);
    }

    private byte[] Value(string shape) => shape switch
    {
        "f" => [(byte)random.Next(2)],
        "2" => Bytes2(),
        "2n" => Packets.Number(random.Next(1, 65_536)),
        "4" => [.. Bytes2(), .. Bytes2()],
        "4n" => [.. Bytes2(), .. Packets.Number(random.Next(1, 65_536))],
        "v" => Packets.Length(random.Next(1, 1 << random.Next(1, 28))),
        "b" => Binary(),
        "r" => Packets.Text("r/" + random.Next(9)),
        "p" => [.. Text(), .. Text()],
        _ => Text(),
    };

    private byte[] Filter() => Packets.Text(random.Next(3) switch { 0 => "#", 1 => "$share/g/a/+", _ => "a/" + Words[random.Next(Words.Length)] });

    // No Local is forbidden on a shared subscription, and any filter may be one.
    private byte Options(bool v5) => (byte)(random.Next(3) | (v5 ? (random.Next(2) << 3) | (random.Next(3) << 4) : 0));

    private byte[] Several(Func<byte[]> one) => [.. Enumerable.Range(0, random.Next(1, 4)).SelectMany(_ => one())];

    private byte[] Id() => Packets.Number(random.Next(1, 65_536));

    private byte[] Bytes2() => Packets.Number(random.Next(65_536));

    private byte[] Text() => Packets.Text(Words[random.Next(Words.Length)]);

    private byte[] Binary()
    {
        byte[] bytes = Bytes(20);
        return [.. Packets.Number(bytes.Length), .. bytes];
    }

    private byte[] Bytes(int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte Pick(byte[] from) => from[random.Next(from.Length)];
}
