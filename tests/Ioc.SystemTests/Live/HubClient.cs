using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Ioc.SystemTests.Live;

/// <summary>Speaks SignalR's JSON hub protocol over a bare web socket; records end with 0x1e. (No .NET client can be had.)</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const byte EndOfRecord = 0x1e;
    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly Queue<JsonElement> _records = new();

    public static async Task<HubClient> ConnectAsync(Uri server)
    {
        var client = new HubClient();
        CancellationToken stopping = TestContext.Current.CancellationToken;
        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/hubs/live" }.Uri, stopping);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.NextAsync(); // the empty record that accepts the handshake
        return client;
    }

    public Task JoinAsync(string? zone = null, params string[] families) =>
        SendAsync(JsonSerializer.Serialize(new { type = 1, target = "join", arguments = new[] { new { zone, families, viewport = (double[]?)null } } }));

    /// <summary>The next message with one of these targets; others are passed over.</summary>
    public async Task<(string Target, JsonElement Message)> NextAsync(params string[] targets)
    {
        while (true)
        {
            JsonElement record = await NextAsync();
            if (record.TryGetProperty("target", out JsonElement target) && targets.Contains(target.GetString()))
                return (target.GetString()!, record.GetProperty("arguments")[0]);
        }
    }

    /// <summary>What the next failed call was answered.</summary>
    public async Task<string> ErrorAsync()
    {
        while (true)
        {
            if ((await NextAsync()).TryGetProperty("error", out JsonElement error))
                return error.GetString()!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        await ValueTask.CompletedTask;
    }

    /// <summary>Sends one record as it stands.</summary>
    public Task SendAsync(string record) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(record + (char)EndOfRecord), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    private async Task<JsonElement> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (_records.Count == 0)
        {
            ValueWebSocketReceiveResult result = await _socket.ReceiveAsync(_received.GetMemory(64 * 1024), patience.Token);
            _received.Advance(result.Count);
            if (result.MessageType == WebSocketMessageType.Close)
                throw new InvalidOperationException("The hub closed the connection.");
            TakeRecords();
        }

        return _records.Dequeue();
    }

    private void TakeRecords()
    {
        byte[] bytes = _received.WrittenSpan.ToArray();
        int start = 0;
        for (int end; (end = Array.IndexOf(bytes, EndOfRecord, start)) >= 0; start = end + 1)
            _records.Enqueue(JsonDocument.Parse(bytes.AsMemory(start, end - start)).RootElement);

        _received.Clear();
        _received.Write(bytes.AsSpan(start));
    }
}
