using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Access;
using Ioc.Broker.Sessions;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Microsoft.AspNetCore.Connections;

namespace Ioc.Broker.Connections;

/// <summary>One device connection from accept to end: the read loop, and who may end it and why.</summary>
/// <remarks>Fields are touched only by the read loop unless said otherwise.</remarks>
internal sealed class Connection
{
    // How long a client whose publishes the journal cannot take stays unread before the next try.
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    // How soon one that waits notices that it is to end.
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(250);

    private readonly ConnectionContext _context;
    private readonly BrokerState _broker;
    private readonly PipeReader _input;
    private readonly ConnectionWriter _writer;
    private readonly IntakeBatch _batch;
    private Reception? _reception; // until the client is in
    private PublishIntake? _intake;
    private ExchangeDesk? _exchanges;
    private Session? _session;
    private ClientLimits _client;
    private ClientAccess? _access; // set once, by the read loop; read by the sweeper
    private RefusedClient _who;
    private ReasonCode _closeReason;
    private WillMessage? _will;
    private int _publishesRead; // in the present read
    private TimeSpan _rateDebt;
    private TaskCompletionSource? _detached; // made by whoever waits first, from any thread
    private long _lastHeard; // written by the read loop, read by the sweeper
    private TimeSpan _patience; // longest silence; zero is forever. Likewise
    private volatile bool _waiting; // the loop waits for the journal, or for the client to read what was flushed
    private int _stop = -1; // first reason to stop given from outside; any thread

    public Connection(ConnectionContext context, BrokerState broker)
    {
        _context = context;
        _broker = broker;
        _input = context.Transport.Input;
        _writer = new ConnectionWriter(context.Transport.Output, broker, () => Stop(ReasonCode.ImplementationSpecificError));
        _batch = new IntakeBatch(broker, _writer);
        _lastHeard = broker.Time.GetTimestamp();
        _patience = broker.Options.ConnectTimeout;
        _reception = new Reception(this, context, broker, _batch, _writer);
        _who = _reception.Who;
    }

    /// <summary>Completes when this connection has left its session to others. Any thread.</summary>
    public Task Detached
    {
        get
        {
            if (Volatile.Read(ref _detached) is null)
                Interlocked.CompareExchange(ref _detached, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            return _detached!.Task;
        }
    }

    /// <summary>Reads until the connection ends, and leaves nothing of it behind.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The peer or the transport has gone: an end like any other.
        }
        finally
        {
            await EndAsync();
        }
    }

    /// <summary>Asks the connection to end. Any thread; the first reason counts.</summary>
    public void Stop(ReasonCode reason)
    {
        if (Interlocked.CompareExchange(ref _stop, (int)reason, -1) != -1)
            return;

        _input.CancelPendingRead();
        _writer.WakeReader();
    }

    /// <summary>Ends the connection if it has been silent for longer than it may. Any thread.</summary>
    public void StopIfSilent(long now)
    {
        TimeSpan patience = _patience;
        if (patience == TimeSpan.Zero || (_waiting && !_writer.IsFlushing) || _broker.Time.GetElapsedTime(Volatile.Read(ref _lastHeard), now) <= patience)
            return;

        Stop(ReasonCode.KeepAliveTimeout);
    }

    /// <summary>Ends the connection if its client has lost the right to be here. One sweeper for all connections.</summary>
    public void StopIfBarred()
    {
        if (Volatile.Read(ref _access) is { } access && _broker.Access.JudgeAgain(access) is var reason && reason != ReasonCode.Success)
            Stop(reason);
    }

    private bool IsStopping => Volatile.Read(ref _stop) != -1;

    private async Task ReadAsync()
    {
        while (!IsStopping)
        {
            ReadResult read = await _input.ReadAsync();
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (_session is not null)
                Volatile.Write(ref _lastHeard, _broker.Time.GetTimestamp());

            // Synchronous on purpose: frames are views over `buffer`, and nothing may await while one is alive.
            SequencePosition consumed = buffer.Start;
            Step step = IsStopping ? Step.Close : Consume(buffer, out consumed);

            // Consumed: up to the first frame not dealt with. Examined: everything if that frame is incomplete, so the
            // next read waits for new bytes; nothing more if it only waits its turn.
            _input.AdvanceTo(consumed, step == Step.NeedBytes ? buffer.End : consumed);

            switch (step)
            {
                case Step.Close:
                    return;
                case Step.NeedBytes when read.IsCompleted:
                    return;
                case Step.WaitForRoom:
                    if (!await TryWaitForRoomAsync())
                        return;
                    break;
                case Step.WaitForStore:
                    await WaitAsync(StoreRetry);
                    break;
                case Step.WaitForAdmission:
                    _waiting = true;
                    await _reception!.Awaited!.WaitAsync(_context.ConnectionClosed);
                    Heard();
                    break;
                case Step.WaitForRate:
                    await WaitAsync(_rateDebt);
                    break;
            }
        }
    }

    // False when nothing will leave any more: then there will never be room.
    private async ValueTask<bool> TryWaitForRoomAsync()
    {
        _waiting = true;
        while ((_writer.Acks.IsFull || _writer.IsCongested) && !IsStopping && !_writer.IsDead)
            await _writer.WaitForRoomAsync();

        Heard();
        return !_writer.IsDead;
    }

    private async ValueTask WaitAsync(TimeSpan time)
    {
        _waiting = true;
        for (; time > TimeSpan.Zero && !IsStopping; time -= WaitStep)
            await Task.Delay(time < WaitStep ? time : WaitStep, _broker.Time, _context.ConnectionClosed);

        Heard();
    }

    private void Heard()
    {
        Volatile.Write(ref _lastHeard, _broker.Time.GetTimestamp());
        _waiting = false;
    }

    private Step Consume(in ReadOnlySequence<byte> buffer, out SequencePosition consumed)
    {
        var cursor = new FrameCursor(buffer, _broker.Options.MaxPacketBytes);
        try
        {
            Step step = Step.Next;
            while (step == Step.Next)
                step = ConsumeOne(ref cursor);
            return step == Step.NeedBytes && _access is { Gate.IsOpen: false } ? Pay(buffer.Slice(0, cursor.Position).Length) : step;
        }
        finally
        {
            consumed = cursor.Position;
            cursor.Dispose();
            _batch.Close();
        }
    }

    // What has arrived is taken; who was too fast is then left unread, so that TCP pushes back and nothing is lost.
    private Step Pay(long bytes)
    {
        int publishes = _publishesRead;
        _publishesRead = 0;
        if (_access!.Gate.TryTake(publishes, bytes, out _rateDebt))
            return Step.NeedBytes;

        return _access.Gate.ClosesWhenExceeded ? Close(ReasonCode.MessageRateTooHigh) : Step.WaitForRate;
    }

    private Step ConsumeOne(ref FrameCursor cursor)
    {
        if (_writer.IsCongested)
            return Step.WaitForRoom;
        if (_session is null && cursor.TryPeekType(out PacketType first) && first != PacketType.Connect)
            return Close(ReasonCode.ProtocolError); // [MQTT-3.1.0-1], judged by the first byte

        ReadStatus status = cursor.TryRead(out Frame frame);
        if (status == ReadStatus.NeedMore)
            return Step.NeedBytes;
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        Step step = _session is { } session ? Handle(frame, session) : Connect(frame);
        if (step is not (Step.WaitForRoom or Step.WaitForStore or Step.WaitForAdmission))
            cursor.Consume();
        return step;
    }

    private Step Handle(in Frame frame, Session session)
    {
        switch (frame.Type)
        {
            case PacketType.Publish:
                _intake ??= new PublishIntake(_broker, _batch, _writer.Acks, _access!);
                _publishesRead++;
                Step taken = _intake.Accept(frame, session, _client.Version);
                return taken == Step.Close ? Close(_intake.CloseReason) : taken;
            case PacketType.Puback or PacketType.Pubrec or PacketType.Pubrel or PacketType.Pubcomp:
                _exchanges ??= new ExchangeDesk(_broker, _batch, _writer.Acks);
                Step led = _exchanges.Handle(frame, session, _client.Version);
                return led == Step.Close ? Close(_exchanges.CloseReason) : led;
            case PacketType.Subscribe:
                return Answered(new SubscriptionDesk(_broker, _batch, _writer, _access!).Subscribe(frame, session, _client));
            case PacketType.Unsubscribe:
                return Answered(new SubscriptionDesk(_broker, _batch, _writer, _access!).Unsubscribe(frame, session, _client));
            case PacketType.Pingreq:
                return Ping(frame);
            case PacketType.Disconnect:
                return Leave(frame, session);
            default:
                return Close(ReasonCode.ProtocolError); // [MQTT-3.1.0-2] CONNECT again, or a packet only servers send
        }
    }

    private Step Connect(in Frame frame)
    {
        Reception reception = _reception!;
        Step step = reception.Admit(frame);
        _client = reception.Client;
        _who = reception.Who;
        Volatile.Write(ref _access, reception.Access);
        if (step != Step.Next)
            return step == Step.Close ? Close(reception.CloseReason) : step;

        _session = reception.Session;
        _will = reception.Will;
        _patience = reception.Patience;
        _reception = null;
        Volatile.Write(ref _lastHeard, _broker.Time.GetTimestamp());
        ConnectionLog.Connected(_broker.Log, _session!.Name, _client.Version, _context.RemoteEndPoint);
        return Step.Next;
    }

    private Step Answered(ReasonCode outcome)
    {
        if (outcome != ReasonCode.Success)
            return Close(outcome);

        _batch.SignalWriter();
        return Step.Next;
    }

    private Step Ping(in Frame frame)
    {
        if (PingPacket.TryRead(frame) != ReadStatus.Complete)
            return Close(ReasonCode.MalformedPacket);

        _writer.Answer(0, static (output, _) => PingPacket.WriteResponse(output));
        _batch.SignalWriter();
        return Step.Next;
    }

    private Step Leave(in Frame frame, Session session)
    {
        ReadStatus status = DisconnectPacket.TryRead(frame, _client.Version, out DisconnectPacket packet);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        if (packet.Properties.TryGetNumber(PropertyId.SessionExpiryInterval, out uint expiry))
        {
            if (session.ExpirySeconds == 0 && expiry > 0)
                return Close(ReasonCode.ProtocolError); // standard, 3.14.2.2.2

            _batch.Open();
            session.ExpirySeconds = Math.Min(expiry, _broker.Options.MaxSessionExpirySeconds);
        }

        // [MQTT-3.14.4-3] a normal end discards the will.
        if (packet.ReasonCode == ReasonCode.Success)
            _will = null;
        return Step.Close;
    }

    private Step Close(ReasonCode reason)
    {
        _closeReason = reason;
        return Step.Close;
    }

    private async Task EndAsync()
    {
        try
        {
            // One that failed half-way in holds its session and its name all the same.
            if ((_session ?? _reception?.Session) is { } session)
                Detach(session);
        }
        finally
        {
            if (_reception?.Claimed is { } name)
                _broker.Sessions.Release(name, this);
            Interlocked.CompareExchange(ref _detached, new TaskCompletionSource(), null);
            _detached!.TrySetResult();
        }

        ReasonCode reason = IsStopping ? (ReasonCode)_stop : _closeReason;
        if (reason != ReasonCode.Success)
        {
            ConnectionRefusals.Count(_broker.Counters, reason, connected: _session is not null, _reception?.Refused, _who);
            ConnectionLog.Closed(_broker.Log, _session?.Name, _context.RemoteEndPoint, reason);
        }

        _access?.Dispose();
        await Farewell.SayAsync(_context, _writer, _broker.Time, reason, _client, connected: _session is not null);
    }

    // In one batch, so that what the journal says of the session is what it is.
    private void Detach(Session session)
    {
        _batch.Open();
        try
        {
            session.Outgoing.Detach(_writer);
            session.Writer = null;
            long now = _broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
            if (_broker.Sessions.Leave(session, now, _will) is { } will)
                _batch.Publish(will);
        }
        finally
        {
            _batch.Close();
        }

        _broker.Sessions.Release(session.Name, this);
    }
}
