using System.Net;
using System.Net.Sockets;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Upstream;

/// <summary>Another broker, played by hand over real sockets: it shares no code with the product.</summary>
internal sealed class FakeBroker : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakeBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next connection, before any byte of it was read.</summary>
    public async Task<FakeBrokerSide> AcceptAsync() => new(await _listener.AcceptSocketAsync(FakeBrokerSide.Bounded()));

    /// <summary>The next connection, let in and subscribed.</summary>
    public async Task<FakeBrokerSide> ServeAsync(bool v5 = true, bool sessionPresent = false, byte[]? properties = null, byte[]? codes = null)
    {
        FakeBrokerSide side = await AcceptAsync();
        byte[] connect = await side.ReadAsync();
        Assert.Equal(0x10, connect[0]);
        await side.SendAsync(Connack(v5, sessionPresent: sessionPresent, properties: properties));
        byte[] subscribe = await side.ReadAsync();
        Assert.Equal(0x82, subscribe[0]);
        await side.SendAsync(Suback(v5, codes ?? [1]));
        return side;
    }

    public static byte[] Connack(bool v5 = true, byte code = 0, bool sessionPresent = false, byte[]? properties = null) =>
        Packets.Packet(0x20, [(byte)(sessionPresent ? 1 : 0), code, .. v5 ? Packets.Sized(properties ?? []) : []]);

    public static byte[] Suback(bool v5, params byte[] codes) => Packets.Packet(0x90, [0, 1, .. v5 ? Packets.Sized([]) : [], .. codes]);

    public static byte[] Publish(int qos = 1, int packetId = 1, string topic = "a/b", string payload = "{}", bool v5 = true, bool dup = false, bool retain = false, byte[]? properties = null) =>
        Packets.Publish(topic, payload, qos, packetId, retain, dup, v5 ? properties ?? Packets.None : null);

    public static byte[] Pubrel(int packetId) => Packets.Packet(0x62, Packets.Number(packetId));

    public void Dispose() => _listener.Dispose();
}

/// <summary>The broker's end of one connection.</summary>
internal sealed class FakeBrokerSide(Socket socket) : IDisposable
{
    private readonly Socket _socket = socket;

    /// <summary>Bytes that wait to be read.</summary>
    public int Available => _socket.Available;

    public async Task SendAsync(params byte[] bytes)
    {
        _socket.NoDelay = true;
        for (int sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent), Bounded());
    }

    /// <summary>The next packet, which must come.</summary>
    public async Task<byte[]> ReadAsync()
    {
        byte[]? packet = await ReadOrEndAsync();
        Assert.NotNull(packet);
        return packet;
    }

    /// <summary>The next packet; null when the client closed.</summary>
    public async Task<byte[]?> ReadOrEndAsync()
    {
        if (await ReadExactAsync(1) is not [byte header])
            return null;

        int length = 0;
        var front = new List<byte> { header };
        for (int shift = 0; ; shift += 7)
        {
            if (await ReadExactAsync(1) is not [byte digit])
                return null;
            front.Add(digit);
            length |= (digit & 0x7F) << shift;
            if ((digit & 0x80) == 0)
                break;
        }

        return await ReadExactAsync(length) is { } body ? [.. front, .. body] : null;
    }

    /// <summary>Ends the connection without a word.</summary>
    public void Drop()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    internal static CancellationToken Bounded()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TimeSpan.FromSeconds(60));
        return source.Token;
    }

    private async Task<byte[]?> ReadExactAsync(int count)
    {
        var bytes = new byte[count];
        try
        {
            for (int read = 0; read < count;)
            {
                int got = await _socket.ReceiveAsync(bytes.AsMemory(read), Bounded());
                if (got == 0)
                    return null;
                read += got;
            }
        }
        catch (SocketException)
        {
            return null; // reset: closed as well
        }

        return bytes;
    }
}
