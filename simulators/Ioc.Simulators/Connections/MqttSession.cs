using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Simulators.Connections;

/// <summary>One standing connection: a writer that fills the window and a reader that empties it.</summary>
internal sealed class MqttSession : IAsyncDisposable
{
    private const int FramesPerWrite = 64;
    private const ushort KeepAliveSeconds = 60;
    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan AckPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    private readonly LinkOptions _options;
    private readonly InflightWindow _window;
    private readonly LinkCounters _counters;
    private readonly Socket _socket;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;

    private MqttSession(LinkOptions options, InflightWindow window, LinkCounters counters, Socket socket)
    {
        _options = options;
        _window = window;
        _counters = counters;
        _socket = socket;
        var stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(stream);
        _output = PipeWriter.Create(stream);
    }

    /// <summary>Connects, and sends the birth and everything unacknowledged.</summary>
    public static async Task<MqttSession> OpenAsync(
        LinkOptions options, LinkIdentity identity, InflightWindow window, LinkCounters counters, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, ct).AsTask().WaitAsync(HandshakePatience, ct);
            var session = new MqttSession(options, window, counters, socket);
            await session.HandshakeAsync(identity, ct).WaitAsync(HandshakePatience, ct);
            return session;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends what is queued until the queue is complete and all is acknowledged; throws when the connection breaks.</summary>
    public async Task RunAsync(ChannelReader<OutgoingMessage> queue, CancellationToken ct)
    {
        // A write that has begun is not cut short by the end of the run: half a packet would spoil the farewell.
        using var ended = new CancellationTokenSource();
        using CancellationTokenRegistration bound = ct.Register(() => ended.CancelAfter(FarewellPatience * 2));
        Task reading = ReadAsync(ended.Token);
        Task writing = WriteAsync(queue, ended.Token, ct);

        Task first = await Task.WhenAny(reading, writing);
        if (first == writing && (writing.IsCompletedSuccessfully || ct.IsCancellationRequested))
            await FarewellAsync(reading);

        await ended.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync();
        // With an exception, so that nothing unflushed is written to a connection that is over.
        await _output.CompleteAsync(new IOException("the connection is over"));
        _socket.Dispose();
    }

    private async Task HandshakeAsync(LinkIdentity identity, CancellationToken ct)
    {
        WriteConnect(identity);
        await FlushAsync(ct);
        await ReadConnackAsync(ct);

        if (identity.Birth is { } birth)
            Publish(birth, packetId: 0, dup: false, qos: 0);

        // [MQTT-4.4.0-1]: what the broker has not acknowledged goes again, in its order, under its packet id.
        IReadOnlyList<(ushort Id, OutgoingMessage Message)> unacknowledged = _window.InOrder();
        foreach ((ushort id, OutgoingMessage message) in unacknowledged)
            Publish(message, id, dup: true, qos: 1);

        _counters.CountResent(unacknowledged.Count);
        await FlushAsync(ct);
    }

    private void WriteConnect(LinkIdentity identity)
    {
        var properties = new PropertyBuilder();
        if (_options.Version == ProtocolVersion.V5)
            properties.Add(PropertyId.SessionExpiryInterval, _options.SessionExpirySeconds);

        new ConnectPacket
        {
            Version = _options.Version,
            // The session must survive, or sending again would not be a repetition.
            CleanStart = false,
            KeepAliveSeconds = KeepAliveSeconds,
            ClientId = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(identity.ClientId)),
            HasWill = identity.Will is not null,
            WillRetain = identity.Will is not null,
            WillTopic = new ReadOnlySequence<byte>(identity.Will?.Topic ?? []),
            WillPayload = new ReadOnlySequence<byte>(identity.Will?.Payload ?? []),
            Properties = properties.List,
        }.Write(_output);
    }

    private async Task ReadConnackAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await _input.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = read.Buffer;
            ReasonCode? answer = TakeConnack(ref buffer);
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (answer == ReasonCode.Success)
                return;
            if (answer is { } refusal)
                throw new InvalidDataException($"the broker refuses the connection: {refusal}");
            if (read.IsCompleted)
                throw new IOException("the broker closed the connection before it answered");
        }
    }

    private ReasonCode? TakeConnack(ref ReadOnlySequence<byte> buffer)
    {
        ReadStatus status = FrameReader.TryReadFrame(ref buffer, MaxAnswerBytes, out Frame frame);
        if (status == ReadStatus.NeedMore)
            return null;
        if (status != ReadStatus.Complete || frame.Type != PacketType.Connack || ConnackPacket.TryRead(frame, _options.Version, out ConnackPacket connack) != ReadStatus.Complete)
            throw new InvalidDataException("what answered is no MQTT broker");

        if (connack.Properties.TryGetNumber(PropertyId.ReceiveMaximum, out uint most) && most < _options.Window)
            throw new InvalidDataException($"the broker takes {most} messages in flight; give --window {most} or less");

        return connack.ReasonCode;
    }

    private async Task WriteAsync(ChannelReader<OutgoingMessage> queue, CancellationToken broken, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(broken, stopping);
        CancellationToken ct = either.Token;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            int frames = WriteQueued(queue);
            if (frames > 0)
            {
                // Before the flush: if that fails, they are in the window and go again.
                _counters.CountSent(frames);
                await FlushAsync(broken);
                if (_options.Qos == 0)
                    _counters.CountAcknowledged(frames);
            }
            else if (queue.Completion.IsCompleted)
            {
                await WaitForAllAcknowledgedAsync(ct);
                return;
            }
            else if (queue.Count > 0)
            {
                await WaitForPlaceAsync(ct);
            }
            else
            {
                await WaitForMessageAsync(queue, ct);
            }
        }
    }

    /// <summary>Writes as many queued messages as fit into one write and into the window.</summary>
    private int WriteQueued(ChannelReader<OutgoingMessage> queue)
    {
        int frames = 0;
        while (frames < FramesPerWrite && (_options.Qos == 0 || _window.TryTakePlace()))
        {
            if (!queue.TryRead(out OutgoingMessage? message))
            {
                if (_options.Qos > 0)
                    _window.ReturnPlace();
                break;
            }

            Publish(message, _options.Qos == 0 ? (ushort)0 : _window.Add(message), dup: false, _options.Qos);
            frames++;
        }

        return frames;
    }

    private async Task WaitForPlaceAsync(CancellationToken ct)
    {
        if (!await _window.TakePlaceAsync(AckPatience, ct))
            throw new TimeoutException($"no acknowledgement within {AckPatience.TotalSeconds} s");

        _window.ReturnPlace();
    }

    private async Task WaitForAllAcknowledgedAsync(CancellationToken ct)
    {
        while (_window.Count > 0)
        {
            // Taking every place means that every message is acknowledged.
            int taken = 0;
            try
            {
                for (; taken < _options.Window; taken++)
                {
                    if (!await _window.TakePlaceAsync(AckPatience, ct))
                        throw new TimeoutException($"no acknowledgement within {AckPatience.TotalSeconds} s");
                }
            }
            finally
            {
                for (; taken > 0; taken--)
                    _window.ReturnPlace();
            }
        }
    }

    private async Task WaitForMessageAsync(ChannelReader<OutgoingMessage> queue, CancellationToken ct)
    {
        try
        {
            await queue.WaitToReadAsync(ct).AsTask().WaitAsync(PingAfter, ct);
        }
        catch (TimeoutException)
        {
            PingPacket.WriteRequest(_output);
            await FlushAsync(ct);
        }
    }

    private void Publish(OutgoingMessage message, ushort packetId, bool dup, int qos) =>
        new PublishPacket
        {
            Dup = dup,
            Qos = qos,
            Retain = message.Retain,
            PacketId = packetId,
            Topic = new ReadOnlySequence<byte>(message.Topic),
            Payload = new ReadOnlySequence<byte>(message.Payload),
        }.Write(_output, _options.Version);

    private async Task FlushAsync(CancellationToken ct)
    {
        FlushResult flushed = await _output.FlushAsync(ct);
        if (flushed.IsCompleted)
            throw new IOException("the broker closed the connection");
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await _input.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = read.Buffer;
            Consume(ref buffer);
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                throw new IOException("the broker closed the connection");
        }
    }

    private void Consume(ref ReadOnlySequence<byte> buffer)
    {
        int acknowledged = 0;
        ReadStatus status;
        while ((status = FrameReader.TryReadFrame(ref buffer, MaxAnswerBytes, out Frame frame)) == ReadStatus.Complete)
        {
            if (frame.Type == PacketType.Disconnect)
                throw new IOException("the broker sent DISCONNECT");
            if (frame.Type != PacketType.Puback)
                continue;
            if (AckPacket.TryRead(frame, _options.Version, out AckPacket ack) != ReadStatus.Complete)
                throw new InvalidDataException("the broker sent a malformed PUBACK");
            if (!_window.TryRemove(ack.PacketId))
                continue;
            if ((byte)ack.ReasonCode >= 0x80)
                _counters.CountRefused();
            else
                acknowledged++;
        }

        if (status != ReadStatus.NeedMore)
            throw new InvalidDataException($"the broker's answer cannot be read: {status}");

        _counters.CountAcknowledged(acknowledged);
    }

    /// <summary>Waits a little for the last acknowledgements, then says goodbye, so that no will is published.</summary>
    private async Task FarewellAsync(Task reading)
    {
        using var patience = new CancellationTokenSource(FarewellPatience);
        try
        {
            if (!reading.IsCompleted)
                await WaitForAllAcknowledgedAsync(patience.Token);

            new DisconnectPacket { Type = PacketType.Disconnect }.Write(_output, _options.Version);
            await FlushAsync(patience.Token);
        }
        catch (Exception tooLate) when (tooLate is OperationCanceledException or IOException or TimeoutException)
        {
            // The broker is gone or slow; what it has not acknowledged is counted as such.
        }
    }
}
