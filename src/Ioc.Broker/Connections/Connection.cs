using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;
using Microsoft.AspNetCore.Connections;

namespace Ioc.Broker.Connections;

/// <summary>One device connection from accept to end: the read loop, and who may end it and why.</summary>
/// <remarks>Fields are touched only by the read loop unless said otherwise.</remarks>
internal sealed class Connection
{
    /// <summary>Highest QoS taken and granted.</summary>
    public const int MaximumQos = 1;

    // How long a client whose publishes the journal cannot take stays unread before the next try.
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    // How long a farewell may take before the connection is cut.
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private readonly ConnectionContext _context;
    private readonly BrokerState _broker;
    private readonly PipeReader _input;
    private readonly ConnectionWriter _writer;
    private PublishIntake? _intake;
    private Session? _session;
    private ProtocolVersion _version;
    private ReasonCode _closeReason;
    private WillMessage? _will; // taken by whoever publishes it, from any thread
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
        _lastHeard = broker.Time.GetTimestamp();
        _patience = broker.Options.ConnectTimeout;
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
            Step step = IsStopping ? Step.Close : Consume(ref buffer);

            // Consumed: up to the first frame not dealt with. Examined: everything if that frame is incomplete, so the
            // next read waits for new bytes; nothing more if it only waits its turn.
            _input.AdvanceTo(buffer.Start, step == Step.NeedBytes ? buffer.End : buffer.Start);

            switch (step)
            {
                case Step.Close:
                    return;
                case Step.NeedBytes when read.IsCompleted:
                    return;
                case Step.WaitForRoom:
                    await WaitForRoomAsync();
                    break;
                case Step.WaitForStore:
                    await WaitForStoreAsync();
                    break;
            }
        }
    }

    private async ValueTask WaitForRoomAsync()
    {
        _waiting = true;
        while ((_writer.Acks.IsFull || _writer.IsCongested) && !IsStopping)
            await _writer.WaitForRoomAsync();

        Heard();
    }

    private async ValueTask WaitForStoreAsync()
    {
        _waiting = true;
        await Task.Delay(StoreRetry, _broker.Time, _context.ConnectionClosed);
        Heard();
    }

    private void Heard()
    {
        Volatile.Write(ref _lastHeard, _broker.Time.GetTimestamp());
        _waiting = false;
    }

    private Step Consume(ref ReadOnlySequence<byte> buffer)
    {
        try
        {
            while (true)
            {
                if (_writer.IsCongested)
                    return Step.WaitForRoom;

                ReadOnlySequence<byte> unread = buffer;
                if (_session is null && FrameReader.TryPeekType(buffer, out PacketType first) && first != PacketType.Connect)
                    return Close(ReasonCode.ProtocolError); // [MQTT-3.1.0-1], judged by the first byte

                ReadStatus status = FrameReader.TryReadFrame(ref buffer, _broker.Options.MaxPacketBytes, out Frame frame);
                if (status == ReadStatus.NeedMore)
                    return Step.NeedBytes;
                if (status != ReadStatus.Complete)
                    return Close(status.ToReasonCode());

                Step step = Handle(frame);
                if (step is Step.WaitForRoom or Step.WaitForStore)
                    buffer = unread;
                if (step != Step.Next)
                    return step;
            }
        }
        finally
        {
            _intake?.EndBatch();
        }
    }

    private Step Handle(in Frame frame)
    {
        if (_session is not { } session)
            return Connect(frame);

        switch (frame.Type)
        {
            case PacketType.Publish:
                _intake ??= new PublishIntake(_broker, _writer);
                Step step = _intake.Accept(frame, session, _version);
                return step == Step.Close ? Close(_intake.CloseReason) : step;
            case PacketType.Puback:
                return Acknowledged(frame, session);
            case PacketType.Subscribe:
                return Answered(SubscriptionDesk.Subscribe(frame, _version, session, _broker, _writer));
            case PacketType.Unsubscribe:
                return Answered(SubscriptionDesk.Unsubscribe(frame, _version, session, _broker, _writer));
            case PacketType.Pingreq:
                return Ping(frame);
            case PacketType.Disconnect:
                return Leave(frame);
            default:
                return Close(ReasonCode.ProtocolError); // [MQTT-3.1.0-2] CONNECT again, or a packet only servers send
        }
    }

    private Step Connect(in Frame frame)
    {
        ReasonCode reason = Handshake.Judge(frame, _broker, out ConnectPacket connect);
        _version = connect.Version;
        if (reason != ReasonCode.Success)
            return Close(reason);

        byte[] assigned = connect.ClientId.IsEmpty ? Handshake.AssignClientId() : [];
        byte[] clientId = assigned.Length > 0 ? assigned : connect.ClientId.ToArray();
        byte[] userName = connect.UserName.ToArray();
        uint receiveMaximum = connect.Properties.TryGetNumber(PropertyId.ReceiveMaximum, out uint window) ? window : ushort.MaxValue;
        uint maxPacketBytes = connect.Properties.TryGetNumber(PropertyId.MaximumPacketSize, out uint bytes) ? bytes : uint.MaxValue;

        var outgoing = new OutgoingQueue(_broker.Options, _broker.Counters, (int)receiveMaximum);
        var session = new Session(clientId, userName, outgoing, _writer.Signal);

        // [MQTT-3.1.4-3] the older connection ends. Its will goes out before anything the new one says.
        Connection? displaced = _broker.Sessions.Enter(session.Name, this);
        displaced?.Stop(ReasonCode.SessionTakenOver);
        displaced?.PublishWill();

        _session = session;
        _will = WillMessage.From(connect, clientId, userName);
        Volatile.Write(ref _lastHeard, _broker.Time.GetTimestamp());
        _patience = TimeSpan.FromSeconds(connect.KeepAliveSeconds * 1.5); // [MQTT-3.1.2-22] (5.0), [MQTT-3.1.2-24] (3.1.1)

        _writer.Serve(session, _version, maxPacketBytes);
        Handshake.Accept(_writer, _broker, connect, assigned);
        _writer.Signal();
        ConnectionLog.Connected(_broker.Log, session.Name, _version, _context.RemoteEndPoint);
        return Step.Next;
    }

    private Step Acknowledged(in Frame frame, Session session)
    {
        ReadStatus status = AckPacket.TryRead(frame, _version, out AckPacket ack);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        // A reason of failure frees the window as well: the receiver will not take the message.
        if (session.Outgoing.Acknowledge(ack.PacketId))
            _writer.Signal();
        return Step.Next;
    }

    private Step Answered(ReasonCode outcome)
    {
        if (outcome != ReasonCode.Success)
            return Close(outcome);

        _writer.Signal();
        return Step.Next;
    }

    private Step Ping(in Frame frame)
    {
        if (PingPacket.TryRead(frame) != ReadStatus.Complete)
            return Close(ReasonCode.MalformedPacket);

        _writer.Answer(0, static (output, _) => PingPacket.WriteResponse(output));
        _writer.Signal();
        return Step.Next;
    }

    private Step Leave(in Frame frame)
    {
        ReadStatus status = DisconnectPacket.TryRead(frame, _version, out DisconnectPacket packet);
        if (status != ReadStatus.Complete)
            return Close(status.ToReasonCode());

        // [MQTT-3.14.4-3] a normal end discards the will.
        if (packet.ReasonCode == ReasonCode.Success)
            Interlocked.Exchange(ref _will, null);
        return Step.Close;
    }

    private Step Close(ReasonCode reason)
    {
        _closeReason = reason;
        return Step.Close;
    }

    private async Task EndAsync()
    {
        if (_session is { } session)
        {
            session.UnsubscribeAll(_broker.Subscriptions);
            _broker.Sessions.Leave(session.Name, this);
            PublishWill();
        }

        ReasonCode reason = IsStopping ? (ReasonCode)_stop : _closeReason;
        if (reason != ReasonCode.Success)
        {
            ConnectionRefusals.Count(_broker.Counters, reason, connected: _session is not null);
            ConnectionLog.Closed(_broker.Log, _session?.Name, _context.RemoteEndPoint, reason);
        }

        try
        {
            await _writer.FinishAsync(Farewell(reason)).WaitAsync(FarewellTimeout, _broker.Time);
            if (reason != ReasonCode.Success)
                _ = CutLaterAsync();
        }
        catch (TimeoutException)
        {
            _context.Abort();
        }
    }

    // Before CONNECT was understood there is nobody to talk to, and 3.1.1 has no farewell from the server.
    private ReadOnlyMemory<byte> Farewell(ReasonCode reason)
    {
        var output = new ArrayBufferWriter<byte>(8);
        if (reason != ReasonCode.Success && _session is null && _version != ProtocolVersion.Unknown)
            Handshake.Refuse(output, _version, reason);
        else if (reason != ReasonCode.Success && _version == ProtocolVersion.V5)
            new DisconnectPacket { Type = PacketType.Disconnect, ReasonCode = reason }.Write(output, _version);

        return output.WrittenMemory;
    }

    // The transport sends what is left when this connection returns, but waits for a peer that does not read.
    private async Task CutLaterAsync()
    {
        await Task.Delay(FarewellTimeout, _broker.Time, _context.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _context.Abort();
    }

    private void PublishWill()
    {
        if (Interlocked.Exchange(ref _will, null) is { } will)
            new PublishIntake(_broker, _writer).AcceptWill(will);
    }
}
