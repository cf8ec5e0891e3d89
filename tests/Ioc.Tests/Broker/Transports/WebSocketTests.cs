using System.Net;
using System.Net.WebSockets;
using Ioc.Broker.Transports;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Transports;

public sealed class WebSocketTests
{
    [Fact]
    public async Task A_client_connects_publishes_and_is_acknowledged() // [MQTT-6.0.0-4] the subprotocol is answered
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);

        Assert.Equal("mqtt", socket.SubProtocol);
        await SendAsync(socket, Packets.Connect("page"));
        Assert.Equal([0x20, 2, 0, 0], await ReceiveAsync(socket));
        await SendAsync(socket, Packets.Publish("a/b", "{}", qos: 1, packetId: 7));
        Assert.Equal(Packets.Puback(7), await ReceiveAsync(socket));
        Assert.Single(host.Journal.Records);
    }

    [Fact]
    public async Task Packets_may_share_a_frame_and_span_frames() // [MQTT-6.0.0-2]
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        byte[] all = [.. Packets.Connect(), .. Packets.Publish(qos: 1, packetId: 1), .. Packets.Publish(qos: 1, packetId: 2), .. Packets.Pingreq()];

        await SendAsync(socket, all[..5]);
        await SendAsync(socket, []);
        foreach (byte b in all[5..25])
            await socket.SendAsync(new[] { b }, WebSocketMessageType.Binary, endOfMessage: false, TestContext.Current.CancellationToken);
        await SendAsync(socket, all[25..]);

        var answers = new List<byte>();
        while (answers.Count < 14)
            answers.AddRange(await ReceiveAsync(socket));
        Assert.Equal([0x20, 2, 0, 0], answers.Take(4));
        Assert.Equal(2, host.Journal.Records.Count);
    }

    [Fact]
    public async Task A_text_frame_ends_the_connection() // [MQTT-6.0.0-1]
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect());
        await ReceiveAsync(socket);

        await socket.SendAsync(Packets.Publish(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

        Assert.Empty(await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, socket.CloseStatus);
        Assert.Empty(host.Journal.Records);
        await Farewell(socket);
        await Wait.UntilAsync(() => host.Turned(Turned.WebSocketFrame) == 1);
    }

    [Theory]
    [InlineData("amqp")]
    [InlineData("mqttv3.1")]
    [InlineData(null)]
    public async Task Without_the_subprotocol_nobody_comes_in(string? subprotocol) // [MQTT-6.0.0-3]
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using var socket = new ClientWebSocket();
        if (subprotocol is not null)
            socket.Options.AddSubProtocol(subprotocol);
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(host), TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, socket.HttpStatusCode);
        Assert.Equal(1, host.Turned(Turned.WebSocketProtocol));
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(host), TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        Assert.Equal(1, host.Turned(Turned.WebSocketOrigin));
    }

    [Fact]
    public async Task An_ordinary_request_is_told_to_upgrade_and_nothing_is_served_when_it_is_switched_off()
    {
        using var http = new HttpClient();
        await using (TransportHost host = await TransportHost.StartAsync())
            Assert.Equal(HttpStatusCode.UpgradeRequired, (await http.GetAsync($"http://127.0.0.1:{host.WebPort}/mqtt", TestContext.Current.CancellationToken)).StatusCode);
        await using (TransportHost host = await TransportHost.StartAsync(("WebSocket:Enabled", "false")))
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"http://127.0.0.1:{host.WebPort}/mqtt", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task After_DISCONNECT_the_socket_is_closed_in_order()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect());
        await ReceiveAsync(socket);

        await SendAsync(socket, Packets.Disconnect());

        Assert.Empty(await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await Farewell(socket);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task A_client_that_closes_gets_the_answer_and_its_will_is_published()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect(willTopic: "gone"));
        await ReceiveAsync(socket);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketState.Closed, socket.State);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
    }

    [Fact]
    public async Task A_client_that_vanishes_is_noticed()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect(willTopic: "gone"));
        await ReceiveAsync(socket);

        socket.Abort();

        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);
    }

    [Fact]
    public async Task A_stop_of_the_server_says_good_bye()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect(level: 5));
        await ReceiveAsync(socket);

        Task stopping = host.StopAsync();

        byte[] last = await ReceiveAsync(socket);
        Assert.Equal([0xE0, 0x8B], [last[0], last[2]]); // DISCONNECT, server shutting down
        Assert.Empty(await ReceiveAsync(socket));
        await Farewell(socket);
        await stopping;
    }

    [Fact]
    public async Task The_reason_of_the_end_reaches_a_client_that_is_still_sending()
    {
        await using TransportHost host = await TransportHost.StartAsync(("ReceiveMaximum", "1"));
        for (int round = 0; round < 20; round++)
        {
            using ClientWebSocket socket = await OpenAsync(host);
            host.Journal.Hold();
            await SendAsync(socket, Packets.Connect(level: 5));
            await ReceiveAsync(socket);

            for (int id = 1; id <= 200 && socket.State == WebSocketState.Open; id++)
                await SendAsync(socket, Packets.Publish(qos: 1, packetId: id, properties: Packets.None));

            byte[] last = await ReceiveAsync(socket);
            Assert.Equal([0xE0, 0x93], [last[0], last[2]]); // DISCONNECT, receive maximum exceeded
            Assert.Empty(await ReceiveAsync(socket));
            await Farewell(socket);
            host.Journal.Release();
        }
    }

    [Fact]
    public async Task One_who_never_connects_is_closed_in_time()
    {
        await using TransportHost host = await TransportHost.StartAsync(("ConnectTimeout", "00:00:00.3"));
        using ClientWebSocket socket = await OpenAsync(host);

        Assert.Empty(await ReceiveAsync(socket));
    }

    [Fact]
    public async Task A_large_message_comes_through_both_ways()
    {
        await using TransportHost host = await TransportHost.StartAsync();
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect());
        await ReceiveAsync(socket);
        await SendAsync(socket, Packets.Subscribe("big"));
        await ReceiveAsync(socket);
        byte[] publish = Packets.Publish("big", new string('x', 200_000));

        await SendAsync(socket, publish);

        var received = new List<byte>();
        while (received.Count < publish.Length)
            received.AddRange(await ReceiveAsync(socket));
        Assert.Equal(publish, received);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_let_go_and_costs_no_more_than_its_queues()
    {
        await using TransportHost host = await TransportHost.StartAsync(("MaxOutgoingQueue", "100"), ("MaxOutgoingBytes", "1048576"));
        using ClientWebSocket socket = await OpenAsync(host);
        await SendAsync(socket, Packets.Connect("deaf", keepAlive: 1));
        await ReceiveAsync(socket);
        await SendAsync(socket, Packets.Subscribe("flood", options: 0));
        await ReceiveAsync(socket);
        await using TestClient publisher = await TestClient.OpenAsync(host.PlainPort);
        await publisher.SendAsync(Packets.Connect("publisher"));
        await publisher.ReadAsync();
        byte[] publish = Packets.Publish("flood", new string('x', 60_000));

        for (int i = 0; i < 500; i++)
            await publisher.SendAsync(publish);

        // 30 MB were sent; its keep alive runs out, though its pipe is full.
        await Wait.UntilAsync(() => host.Said.Hold("Connection of client deaf"));
        await publisher.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await publisher.ReadAsync());
    }

    private static Uri Address(TransportHost host) => new($"ws://127.0.0.1:{host.WebPort}/mqtt");

    private static async Task<ClientWebSocket> OpenAsync(TransportHost host)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(Address(host), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task SendAsync(ClientWebSocket socket, byte[] bytes) =>
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);

    // One whole message; nothing when the server closes.
    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        var message = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return [];
            Assert.Equal(WebSocketMessageType.Binary, part.MessageType);
            message.AddRange(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage)
                return [.. message];
        }
    }

    private static Task Farewell(ClientWebSocket socket) =>
        socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
}
