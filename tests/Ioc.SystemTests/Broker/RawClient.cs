using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>A client written down byte by byte, so that it can die between any two packets. It shares no code with the product.</summary>
internal sealed class RawClient : IDisposable
{
    public const byte Puback = 0x40;
    public const byte Pubrec = 0x50;
    public const byte Pubrel = 0x62;
    public const byte Pubcomp = 0x70;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly bool _v5;

    private RawClient(bool v5) => _v5 = v5;

    /// <summary>What CONNACK said.</summary>
    public bool SessionPresent { get; private set; }

    /// <summary>Connects with a session that outlives the connection. It is for the caller to say that the server took it up again.</summary>
    public static async Task<RawClient> ConnectAsync(int port, string clientId, bool v5 = true, bool clean = false, uint expirySeconds = 3_600, (string Topic, string Payload, uint DelaySeconds)? will = null)
    {
        var client = new RawClient(v5);
        await client._tcp.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        byte[] properties = v5 ? [0x11, .. UInt32(expirySeconds)] : [];
        byte[] lastWish = [];
        int flags = clean ? 0x02 : 0;
        if (will is { } wish)
        {
            flags |= 0x0C; // will at QoS 1
            byte[] delay = v5 ? [0x18, .. UInt32(wish.DelaySeconds)] : [];
            lastWish = [.. client.Counted(delay), .. Text(wish.Topic), .. Text(wish.Payload)];
        }

        await client.SendAsync(0x10, [.. Text("MQTT"), (byte)(v5 ? 5 : 4), (byte)flags, 0, 0, .. client.Counted(properties), .. Text(clientId), .. lastWish]);
        RawPacket connack = await client.ReceiveAsync();
        Assert.Equal((0x20, 0), (connack.First, connack.Body[1]));
        client.SessionPresent = connack.Body[0] == 1;
        return client;
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        await SendAsync(0x82, [0, 9, .. Counted([]), .. Text(filter), (byte)qos]);
        RawPacket suback = await ReceiveAsync();
        Assert.Equal((0x90, qos), (suback.First, suback.Body[^1]));
    }

    public Task PublishAsync(string topic, string payload, int qos, ushort packetId, bool dup = false, bool retain = false) =>
        SendAsync((byte)(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)), [.. Text(topic), .. UInt16(packetId), .. Counted([]), .. Encoding.UTF8.GetBytes(payload)]);

    /// <summary>Sends PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public Task AcknowledgeAsync(byte first, ushort packetId) => SendAsync(first, UInt16(packetId));

    /// <summary>Waits for the acknowledgement of a packet.</summary>
    public async Task AcknowledgedAsync(byte first, ushort packetId)
    {
        RawPacket packet = await ReceiveAsync();
        Assert.Equal((first, packetId), (packet.First, packet.PacketId));
    }

    /// <summary>The next packet.</summary>
    public async Task<RawPacket> ReceiveAsync()
    {
        byte first = (await ReadAsync(1))[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte digit = (await ReadAsync(1))[0];
            length |= (digit & 0x7F) << shift;
            if (digit < 0x80)
                return new RawPacket(first, await ReadAsync(length), _v5);
        }
    }

    /// <summary>The next packet, a message.</summary>
    public async Task<RawPacket> MessageAsync()
    {
        RawPacket packet = await ReceiveAsync();
        Assert.Equal(0x30, packet.First & 0xF0);
        return packet;
    }

    /// <summary>Nothing comes before the answer to a ping.</summary>
    public async Task NothingComesAsync()
    {
        await SendAsync(0xC0, []);
        Assert.Equal(0xD0, (await ReceiveAsync()).First);
    }

    /// <summary>Gone, without DISCONNECT.</summary>
    public void Dispose() => _tcp.Dispose();

    private async Task SendAsync(byte first, byte[] body)
    {
        var packet = new List<byte> { first };
        int left = body.Length;
        do
        {
            packet.Add((byte)((left % 128) | (left >= 128 ? 0x80 : 0)));
            left /= 128;
        }
        while (left > 0);
        await _tcp.GetStream().WriteAsync(packet.Concat(body).ToArray(), TestContext.Current.CancellationToken);
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _tcp.GetStream().ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        return bytes;
    }

    // Properties: 3.1.1 has none. None used here is longer than 127 bytes.
    private byte[] Counted(byte[] properties) => _v5 ? [(byte)properties.Length, .. properties] : [];

    private static byte[] Text(string text) => [.. UInt16((ushort)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] UInt16(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] UInt32(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}

/// <summary>A packet as it came.</summary>
internal sealed record RawPacket(byte First, byte[] Body, bool V5)
{
    public int Qos => (First >> 1) & 3;

    public bool Dup => (First & 8) != 0;

    public bool Retain => (First & 1) != 0;

    private bool IsPublish => (First & 0xF0) == 0x30;

    private int TopicEnd => 2 + BinaryPrimitives.ReadUInt16BigEndian(Body);

    public string Topic => Encoding.UTF8.GetString(Body.AsSpan(2, TopicEnd - 2));

    public ushort PacketId => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(IsPublish ? TopicEnd : 0));

    public string Payload
    {
        get
        {
            int at = TopicEnd + (Qos > 0 ? 2 : 0);
            return Encoding.UTF8.GetString(Body.AsSpan(V5 ? at + 1 + Body[at] : at));
        }
    }
}
