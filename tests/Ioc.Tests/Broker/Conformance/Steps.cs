using Ioc.Broker.Sessions;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>What many conformance tests do on their way, checked as they go.</summary>
internal static class Steps
{
    /// <summary>The lowest protocol level that has properties.</summary>
    public const byte V5 = 5;

    /// <summary>Properties as the level has them: none in 3.1.1, an empty list in 5.0.</summary>
    public static byte[]? Empty(byte level) => level >= V5 ? [] : null;

    /// <summary>CONNECT for a session that lasts an hour or, in 3.1.1, as long as the server grants; without keep alive.</summary>
    public static byte[] Lasting(string clientId, byte level, bool clean = false) =>
        Packets.Connect(clientId, level, clean, keepAlive: 0, properties: [.. Packets.Quiet, .. PropertyBytes.SessionExpiry(3_600)]);

    /// <summary>Connects and says whether the server had a session.</summary>
    public static async Task<TestClient> ConnectAsync(this BrokerHost host, byte[] connect, bool present)
    {
        TestClient client = await host.OpenAsync();
        await client.SendAsync(connect);
        byte[] connack = await client.ReadAsync();
        Assert.Equal([0x20, present ? 1 : 0, 0], new int[] { connack[0], connack[2], connack[3] });
        return client;
    }

    /// <summary>Subscribes and sees it granted.</summary>
    public static async Task SubscribeAsync(this TestClient client, string filter, int options, byte level, byte[]? properties = null)
    {
        await client.SendAsync(Packets.Subscribe(filter, options, 9, properties ?? Empty(level)));
        byte[] suback = await client.ReadAsync();
        Assert.Equal((0x90, options & 3), (suback[0], suback[^1]));
    }

    /// <summary>Sends and reads one answer.</summary>
    public static async Task<byte[]> AskAsync(this TestClient client, byte[] packet)
    {
        await client.SendAsync(packet);
        return await client.ReadAsync();
    }

    /// <summary>Goes without a word, and returns when the server has noticed.</summary>
    public static async Task DropAsync(this TestClient client, BrokerHost host)
    {
        long open = host.Counters.Connections;
        client.Drop();
        await Wait.UntilAsync(() => host.Counters.Connections < open);
    }

    /// <summary>Says DISCONNECT, and returns when the server has closed.</summary>
    public static async Task LeaveAsync(this TestClient client, BrokerHost host, byte[]? disconnect = null)
    {
        long open = host.Counters.Connections;
        await client.SendAsync(disconnect ?? Packets.Disconnect());
        Assert.Empty(await client.ReadToEndAsync());
        await Wait.UntilAsync(() => host.Counters.Connections < open);
    }

    /// <summary>Publishes as another client, and returns when the whole exchange is over.</summary>
    public static async Task PublishAsync(this BrokerHost host, string topic, string payload, int qos = 1, bool retain = false, byte[]? properties = null)
    {
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("publisher", V5, keepAlive: 0));
        int before = host.Journal.Records.Count;
        await publisher.SendAsync(Packets.Publish(topic, payload, qos, 77, retain, properties: properties ?? []));
        await Wait.UntilAsync(() => host.Journal.Records.Count > before);
        if (qos > 0)
            Assert.Equal(qos == 1 ? Packets.Puback(77) : Packets.Pubrec(77), await publisher.ReadAsync());
        if (qos == 2)
            Assert.Equal(Packets.Pubcomp(77), await publisher.AskAsync(Packets.Pubrel(77)));
        await publisher.LeaveAsync(host);
    }

    /// <summary>Sessions the server has.</summary>
    public static int Sessions(this BrokerHost host) => host.Service<SessionRegistry>().Count;

    public static Task<TestClient> JoinAsync(this BrokerHost host, string clientId, params byte[] properties) =>
        host.ConnectAsync(Packets.Connect(clientId, level: 5, properties: properties));

    /// <summary>Subscribes, and sees to it that it was granted.</summary>
    public static async Task SubscribeAsync(this TestClient client, string filter, int options = 1, byte[]? properties = null)
    {
        await client.SendAsync(Packets.Subscribe(filter, options, 999, properties ?? Packets.None));
        byte[] suback = await client.ReadAsync();
        Assert.Equal(0x90, suback[0]);
        Assert.InRange(suback[^1], 0, 2);
    }

    /// <summary>Publishes at QoS 1 and waits until the server has the message.</summary>
    public static async Task PublishAsync(this TestClient client, string topic, string payload, bool retain = false, byte[]? properties = null)
    {
        await client.SendAsync(Packets.Publish(topic, payload, qos: 1, packetId: 888, retain, properties: properties ?? Packets.None));
        Assert.Equal(0x40, (await client.ReadAsync())[0]);
    }

    /// <summary>The next packet, which must be a PUBLISH.</summary>
    public static async Task<Delivered> DeliveredAsync(this TestClient client) => Delivered.Read(await client.ReadAsync());

    /// <summary>The server answers, and has said nothing else before.</summary>
    public static async Task HearsNothingAsync(this TestClient client)
    {
        await client.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await client.ReadAsync());
    }

    /// <summary>The reason in a refusal or an acknowledgement; success where it was left out.</summary>
    public static int Reason(byte[] packet) => (packet[0] >> 4) switch
    {
        2 => packet[3],
        14 => packet.Length > 2 ? packet[2] : 0,
        _ => packet.Length > 4 ? packet[4] : 0,
    };

    /// <summary>The properties of any packet but PUBLISH that a server of 5.0 sends.</summary>
    public static List<(int Id, byte[] Value)> Properties(byte[] packet)
    {
        // Fixed headers of tests have one byte of length, of long packets two.
        int body = packet[1] < 0x80 ? 2 : 3;
        int front = (packet[0] >> 4) switch
        {
            2 => 2,
            9 or 11 => 2,
            14 => 1,
            _ => 3,
        };
        return packet.Length > body + front ? Delivered.ReadProperties(packet.AsSpan(body + front), out _) : [];
    }

    /// <summary>Whether a packet carries a reason string.</summary>
    public static bool HasReasonString(byte[] packet) => Properties(packet).Exists(property => property.Id == 0x1F);
}
