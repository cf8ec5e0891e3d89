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
}
