using System.Buffers;
using System.IO.Pipelines;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Upstream;

/// <summary>One connection to another broker, from CONNECT to its end: the read loop and what it decides.</summary>
internal sealed class UpstreamConnection : IAsyncDisposable
{
    // How long the other broker stays unread when the journal takes nothing, before the next try.
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    // How long the last acknowledgements and the farewell may take.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly UpstreamTransport _transport;
    private readonly UpstreamModel _model;
    private readonly UpstreamState _state;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Heartbeat _heartbeat;
    private readonly UpstreamWriter _writer;
    private readonly UpstreamIntake _intake;
    private volatile bool _subscribed;

    private UpstreamConnection(UpstreamTransport transport, UpstreamGrant grant, UpstreamModel model, UpstreamSession session, IPublishHandler handler, UpstreamState state, TimeProvider time, ILogger log)
    {
        _transport = transport;
        _model = model;
        _state = state;
        _time = time;
        _log = log;
        _heartbeat = new Heartbeat(time, grant.KeepAlive);
        SessionPresent = grant.SessionPresent;

        // An exchange of QoS 2 has two replies, and some may be asked for twice.
        _writer = new UpstreamWriter(transport.Output, handler, state, _heartbeat, (2 * model.Config.ReceiveMaximum) + 64, time);
        _intake = new UpstreamIntake(model, handler, session, grant.SessionPresent, _writer, state);
    }

    /// <summary>The other broker has kept our session.</summary>
    public bool SessionPresent { get; }

    /// <summary>Connects and is let in; throws when that fails or takes too long.</summary>
    public static async Task<UpstreamConnection> OpenAsync(UpstreamModel model, UpstreamSession session, IPublishHandler handler, UpstreamState state, TimeProvider time, ILogger log, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(model.Config.ConnectTimeout);
        UpstreamTransport? transport = null;
        try
        {
            transport = await UpstreamTransport.OpenAsync(model, patience.Token);
            UpstreamGrant grant = await UpstreamHandshake.ConnectAsync(transport, model, patience.Token);
            if (!grant.SessionPresent)
                session.Forget();

            var connection = new UpstreamConnection(transport, grant, model, session, handler, state, time, log);
            UpstreamHandshake.WriteSubscribe(transport.Output, model);
            await transport.Output.FlushAsync(patience.Token);
            return connection;
        }
        catch (Exception exception)
        {
            if (transport is not null)
                await transport.DisposeAsync();
            if (exception is OperationCanceledException && !ct.IsCancellationRequested)
                throw new UpstreamLostException($"no answer within {model.Config.ConnectTimeout.TotalSeconds:0.#} s", inner: exception);
            throw;
        }
    }

    /// <summary>Takes messages until told to stop; throws when the connection ends otherwise.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _heartbeat.Listen();
        using var end = new CancellationTokenSource();
        using var reads = CancellationTokenSource.CreateLinkedTokenSource(stopping, end.Token);
        Task reading = ReadAsync(reads.Token);
        Task writing = _writer.RunAsync(end.Token);
        Task answered = ExpectSubackAsync(reads.Token);

        Task first = await Task.WhenAny(reading, writing, answered);
        await reads.CancelAsync();
        await Task.WhenAll(reading, answered).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        end.CancelAfter(FarewellTimeout);
        await LeaveAsync(writing, first.Exception?.InnerException as UpstreamLostException, end.Token);
        if (!stopping.IsCancellationRequested)
            await first;
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    // What is journaled is acknowledged if it can be: it would come again otherwise.
    private async Task LeaveAsync(Task writing, UpstreamLostException? lost, CancellationToken ct)
    {
        _writer.Finish();
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _writer.FarewellAsync(lost?.Farewell ?? ReasonCode.Success, _model.Version, ct);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody listens any more; why is told by what ended the connection first.
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await _transport.Input.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = read.Buffer;
            _heartbeat.Heard();

            // Synchronous on purpose: frames are views over `buffer`, and nothing may await while one is alive.
            UpstreamStep step = Consume(ref buffer);

            // Examined: everything only if a frame is incomplete, so that the next read waits for new bytes.
            _transport.Input.AdvanceTo(buffer.Start, step == UpstreamStep.NeedBytes ? buffer.End : buffer.Start);
            switch (step)
            {
                case UpstreamStep.NeedBytes when read.IsCompleted:
                    throw new UpstreamLostException("it closed the connection");
                case UpstreamStep.WaitForRoom:
                    _heartbeat.StopListening();
                    await _writer.WaitForRoomAsync(ct);
                    _heartbeat.Listen();
                    break;
                case UpstreamStep.WaitForStore:
                    await WaitForStoreAsync(ct);
                    break;
            }
        }
    }

    private UpstreamStep Consume(ref ReadOnlySequence<byte> buffer)
    {
        try
        {
            while (true)
            {
                ReadOnlySequence<byte> unread = buffer;
                ReadStatus status = FrameReader.TryReadFrame(ref buffer, _model.MaxPacketBytes, out Frame frame);
                if (status == ReadStatus.NeedMore)
                    return UpstreamStep.NeedBytes;
                if (status == ReadStatus.TooLarge)
                    throw new UpstreamLostException($"it sends a packet larger than Mqtt:MaxPacketBytes {_model.MaxPacketBytes}", ReasonCode.PacketTooLarge);
                if (status != ReadStatus.Complete)
                    throw Broken(status.ToReasonCode());

                UpstreamStep step = Handle(frame);
                if (step == UpstreamStep.End)
                    throw Broken(_intake.EndReason);
                if (step != UpstreamStep.Next)
                {
                    buffer = unread;
                    return step;
                }

                _state.Resume();
            }
        }
        finally
        {
            _intake.EndBatch();
        }
    }

    private UpstreamStep Handle(in Frame frame)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                return _intake.Publish(frame);
            case PacketType.Pubrel:
                return _intake.Release(frame);
            case PacketType.Pingresp when PingPacket.TryRead(frame) == ReadStatus.Complete:
                return UpstreamStep.Next;
            case PacketType.Suback when !_subscribed:
                Subscribed(UpstreamHandshake.ReadSuback(frame, _model) ?? throw Broken(ReasonCode.ProtocolError));
                return UpstreamStep.Next;
            case PacketType.Disconnect when DisconnectPacket.TryRead(frame, _model.Version, out DisconnectPacket packet) == ReadStatus.Complete:
                throw new UpstreamLostException($"it ends the connection: {UpstreamHandshake.Say(packet.ReasonCode, packet.Properties)}");
            default:
                throw Broken(ReasonCode.ProtocolError); // a packet only clients send, or an answer to what we never asked
        }
    }

    private void Subscribed(ReasonCode[] codes)
    {
        _subscribed = true;
        _state.Subscribed(codes);
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] > ReasonCode.GrantedQos2)
                UpstreamLog.FilterRefused(_log, _model.Name, _model.Filters[i], codes[i]);
            else if ((int)codes[i] < _model.Config.Qos)
                UpstreamLog.LessGranted(_log, _model.Name, _model.Filters[i], (int)codes[i], _model.Config.Qos);
        }

        // Later perhaps: rights are changed while we run.
        if (Array.TrueForAll(codes, code => code > ReasonCode.GrantedQos2))
            throw new UpstreamLostException($"it refuses every filter: {codes[0]} (0x{(byte)codes[0]:X2})");
    }

    private async Task ExpectSubackAsync(CancellationToken ct)
    {
        await Task.Delay(_model.Config.ConnectTimeout, _time, ct);
        if (!_subscribed)
            throw new UpstreamLostException($"no answer to SUBSCRIBE within {_model.Config.ConnectTimeout.TotalSeconds:0.#} s");
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
    }

    private async ValueTask WaitForStoreAsync(CancellationToken ct)
    {
        if (_state.Pause(_intake.Refusal))
            UpstreamLog.Paused(_log, _model.Name, _intake.Refusal);
        _heartbeat.StopListening();
        await Task.Delay(StoreRetry, _time, ct);
        _heartbeat.Listen();
    }

    private static UpstreamLostException Broken(ReasonCode reason) => new($"it breaks the protocol: {reason} (0x{(byte)reason:X2})", reason);
}
