using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Ioc.Tests.Broker;

/// <summary>A socket that speaks whole packets, cut by hand: it shares no code with the broker.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<TestClient> OpenAsync(int port)
    {
        var client = new TestClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(params byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent), Bounded(60));
    }

    /// <summary>The next packet, fixed header included; null when the server closed the connection.</summary>
    public async Task<byte[]?> ReadOrEndAsync()
    {
        var packet = new List<byte>();
        int length = 0;
        int shift = 0;
        for (byte b = 0x80; packet.Count < 2 || (b & 0x80) != 0;)
        {
            if (await ReadExactAsync(1) is not [byte next])
                return null;

            b = next;
            packet.Add(b);
            if (packet.Count > 1)
            {
                length |= (b & 0x7F) << shift;
                shift += 7;
            }
        }

        return await ReadExactAsync(length) is { } body ? [.. packet, .. body] : null;
    }

    /// <summary>The next packet, which must come.</summary>
    public async Task<byte[]> ReadAsync()
    {
        byte[]? packet = await ReadOrEndAsync();
        Assert.NotNull(packet);
        return packet;
    }

    /// <summary>Reads until the server has closed, and returns what came before.</summary>
    public async Task<List<byte[]>> ReadToEndAsync()
    {
        var packets = new List<byte[]>();
        while (await ReadOrEndAsync() is { } packet)
            packets.Add(packet);
        return packets;
    }

    /// <summary>Ends the connection without DISCONNECT.</summary>
    public void Drop()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<byte[]?> ReadExactAsync(int count)
    {
        var bytes = new byte[count];
        try
        {
            for (int read = 0; read < count;)
            {
                int got = await _socket.ReceiveAsync(bytes.AsMemory(read), Bounded(60));
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

    private static CancellationToken Bounded(int seconds)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TimeSpan.FromSeconds(seconds));
        return source.Token;
    }
}
