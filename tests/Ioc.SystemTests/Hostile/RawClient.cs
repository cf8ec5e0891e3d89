using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>A bare socket that may do anything: it cuts what it reads into packets and shares no code with the server.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Bytes sent that the peer's socket has taken.</summary>
    public long Sent { get; private set; }

    public static async Task<RawClient> OpenAsync(int port, int? receiveBuffer = null)
    {
        var client = new RawClient();
        if (receiveBuffer is { } bytes)
            client._socket.ReceiveBufferSize = bytes;
        await client._socket.ConnectAsync(IPAddress.Loopback, port, Bounded(20));
        return client;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int seconds = 20)
    {
        CancellationToken token = Bounded(seconds);
        for (int sent = 0; sent < bytes.Length;)
        {
            int taken = await _socket.SendAsync(bytes[sent..], token);
            sent += taken;
            Sent += taken;
        }
    }

    /// <summary>Sends until the peer takes no more, closes, or the time is over; true when all was taken.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes, int seconds = 20)
    {
        try
        {
            await SendAsync(bytes, seconds);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The next packet, fixed header included; null when the server has closed the connection.</summary>
    /// <exception cref="TimeoutException">Neither came in time.</exception>
    public async Task<byte[]?> ReadOrEndAsync(int seconds = 10)
    {
        CancellationToken token = Bounded(seconds);
        try
        {
            var packet = new List<byte>();
            int length = 0;
            for (byte b = 0x80; packet.Count < 2 || (b & 0x80) != 0;)
            {
                if (await ReadExactAsync(1, token) is not [byte next])
                    return null;

                b = next;
                packet.Add(b);
                if (packet.Count > 1)
                    length |= (b & 0x7F) << (7 * (packet.Count - 2));
            }

            return await ReadExactAsync(length, token) is { } body ? [.. packet, .. body] : null;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server neither answered nor closed within {seconds} s");
        }
    }

    /// <summary>Reads until the server has closed, and returns what came before.</summary>
    public async Task<List<byte[]>> ReadToEndAsync(int seconds = 10)
    {
        var packets = new List<byte[]>();
        while (await ReadOrEndAsync(seconds) is { } packet)
            packets.Add(packet);
        return packets;
    }

    /// <summary>Nothing more will be sent; the other way stays open.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection without a word.</summary>
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

    private async Task<byte[]?> ReadExactAsync(int count, CancellationToken token)
    {
        var bytes = new byte[count];
        try
        {
            for (int read = 0; read < count;)
            {
                int got = await _socket.ReceiveAsync(bytes.AsMemory(read), token);
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
