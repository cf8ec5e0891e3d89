using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ioc.Broker.Transports;

/// <summary>A WebSocket that looks like any other connection to the MQTT endpoint: a stream of bytes in, one out.</summary>
/// <remarks>
/// Frames are no packets: one may hold several, and one packet may span several [MQTT-6.0.0-2]. What the endpoint flushes at once leaves as one message.
/// Two loops without threads of their own; an idle connection waits with no buffer.
/// </remarks>
internal sealed class WebSocketConnection : ConnectionContext, IDuplexPipe
{
    // Each way; the one who is ahead waits for the other.
    private static readonly PipeOptions Bounds = new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    // How long the peer may take to say good-bye, or to read what was written before, once MQTT has ended.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private const int ReceiveBytes = 2_048;

    private readonly WebSocket _socket;
    private readonly Pipe _received = new(Bounds);
    private readonly Pipe _toSend = new(Bounds);
    private readonly CancellationTokenSource _closed = new();

    public WebSocketConnection(WebSocket socket, HttpContext request)
    {
        _socket = socket;
        ConnectionId = request.Connection.Id;
        LocalEndPoint = request.Connection.LocalIpAddress is { } local ? new System.Net.IPEndPoint(local, request.Connection.LocalPort) : null;
        RemoteEndPoint = request.Connection.RemoteIpAddress is { } remote ? new System.Net.IPEndPoint(remote, request.Connection.RemotePort) : null;
        ConnectionClosed = _closed.Token;
        Transport = this;

        // How the server says that it stops, and whom TLS has shown, are the HTTP connection's.
        Features.Set(request.Features.Get<IConnectionLifetimeNotificationFeature>());
        Features.Set(request.Features.Get<ITlsConnectionFeature>());
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get => field ??= new ConnectionItems(); set; }

    public override IDuplexPipe Transport { get; set; }

    PipeReader IDuplexPipe.Input => _received.Reader;

    PipeWriter IDuplexPipe.Output => _toSend.Writer;

    /// <summary>Serves it until it ends, and says by which reason of WebSocket it did.</summary>
    public async Task<WebSocketCloseStatus> RunAsync(ConnectionHandler handler)
    {
        Task<WebSocketCloseStatus> receiving = ReceiveAsync();
        Task sending = SendAsync();
        await handler.OnConnectedAsync(this);
        await _received.Reader.CompleteAsync();
        await _toSend.Writer.CompleteAsync();

        using (var patience = new CancellationTokenSource(FarewellTimeout))
        await using (patience.Token.UnsafeRegister(static state => ((WebSocketConnection)state!).Abort(), this))
        {
            await sending;
            await CloseAsync(receiving);
        }

        await _closed.CancelAsync();
        return await receiving;
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _socket.Abort();
        _received.Writer.CancelPendingFlush();
        _toSend.Reader.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task<WebSocketCloseStatus> ReceiveAsync()
    {
        PipeWriter output = _received.Writer;
        try
        {
            while (true)
            {
                // Waits for a frame before it takes a buffer.
                ValueWebSocketReceiveResult frame = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (frame is { MessageType: WebSocketMessageType.Binary, EndOfMessage: false })
                    frame = await _socket.ReceiveAsync(output.GetMemory(ReceiveBytes), CancellationToken.None);
                if (frame.MessageType == WebSocketMessageType.Text)
                    return WebSocketCloseStatus.InvalidMessageType; // [MQTT-6.0.0-1]
                if (frame.MessageType == WebSocketMessageType.Close)
                    return WebSocketCloseStatus.NormalClosure;

                output.Advance(frame.Count);
                FlushResult flushed = await output.FlushAsync();
                if (flushed.IsCompleted || flushed.IsCanceled)
                    return WebSocketCloseStatus.NormalClosure;
            }
        }
        catch (Exception exception) when (IsOfPeer(exception))
        {
            // Only now is it closed: after a good-bye there is still one to be sent, and the endpoint cuts what is called closed.
            await _closed.CancelAsync();
            return WebSocketCloseStatus.EndpointUnavailable;
        }
        finally
        {
            await output.CompleteAsync();
        }
    }

    private async Task SendAsync()
    {
        PipeReader input = _toSend.Reader;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync();
                if (read.IsCanceled)
                    return;

                ReadOnlySequence<byte> buffer = read.Buffer;
                SequencePosition at = buffer.Start;
                while (buffer.TryGet(ref at, out ReadOnlyMemory<byte> piece))
                {
                    if (!piece.IsEmpty)
                        await _socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: at.GetObject() is null, CancellationToken.None);
                }

                input.AdvanceTo(buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception exception) when (IsOfPeer(exception))
        {
            // Gone; the receiving side ends the connection.
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    // Says good-bye with the reason, then waits for the peer's: until then what it sends is not looked at.
    private async Task CloseAsync(Task<WebSocketCloseStatus> receiving)
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(receiving.IsCompleted ? await receiving : WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

            await receiving;
            var ignored = new byte[256];
            while (_socket.State == WebSocketState.CloseSent)
                await _socket.ReceiveAsync(ignored.AsMemory(), CancellationToken.None);
        }
        catch (Exception exception) when (IsOfPeer(exception))
        {
            _socket.Abort();
        }
    }

    private static bool IsOfPeer(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
