using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>What nearly every conformance test begins and ends with. 5.0 unless said otherwise.</summary>
internal static class Steps
{
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
