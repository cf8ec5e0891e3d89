using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Access;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Connections;

/// <summary>The only one who writes to a connection: answers first, then acknowledgements whose records are durable, then deliveries.</summary>
/// <remarks>
/// No task stands waiting: <see cref="Signal"/> starts a run on the thread pool unless one is under way, which then goes round once more.
/// Everything it writes is queued elsewhere in bounds; a client that does not read holds up only itself.
/// </remarks>
internal sealed class ConnectionWriter(PipeWriter output, BrokerState broker, Action fail) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunAgain = 2;

    // Answers waiting beyond this stop the read loop: a flood of PINGREQ costs the flooder, not us.
    private const int MaxAnswerBytes = 16 * 1024;

    // A buffer this small may stay with an idle connection.
    private const int KeptAnswerBytes = 256;

    private readonly Lock _gate = new();
    private readonly AckQueue _acks = new();
    private readonly WakeSignal _room = new();
    private ArrayBufferWriter<byte>? _answers;
    private long _answersAfter = SessionJournal.Nothing;
    private DeliveryWriter? _deliveries;
    private Session? _session;
    private ClientLimits _limits;
    private ClientRights _rights = ClientRights.Unrestricted;
    private ReadOnlyMemory<byte> _farewell; // written before, read after _finished
    private TaskCompletionSource? _finished;
    private int _state;
    private int _inPump;
    private volatile bool _congested;
    private volatile bool _dead;

    /// <summary>Pending acknowledgements; the read loop puts in, this takes out.</summary>
    public AckQueue Acks => _acks;

    /// <summary>The client has left too many answers unread. Asked once per frame, so without the lock.</summary>
    public bool IsCongested => _congested;

    /// <summary>Nothing will be written any more: the transport has gone.</summary>
    public bool IsDead => _dead;

    /// <summary>What was written waits for the client to read. Any thread; a moment later it may not be so.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Tells whose deliveries to send and what the client can take; once, before CONNACK.</summary>
    public void Serve(Session session, ClientLimits limits, ClientAccess access)
    {
        _limits = limits;
        _rights = access.Rights;
        _acks.ReceiveMaximum = access.ReceiveMaximum;
        Volatile.Write(ref _session, session);
    }

    /// <summary>Queues an answer. <paramref name="write"/> must be static: this is on the way of every PINGREQ.</summary>
    /// <param name="state">What is answered.</param>
    /// <param name="write">Encodes it.</param>
    /// <param name="after">Position to be durable first; nothing else leaves before.</param>
    public void Answer<TState>(TState state, Action<IBufferWriter<byte>, TState> write, long after = SessionJournal.Nothing)
        where TState : allows ref struct
    {
        lock (_gate)
        {
            write(_answers ??= new ArrayBufferWriter<byte>(64), state);
            _answersAfter = Math.Max(_answersAfter, after);
            _congested = _answers.WrittenCount > MaxAnswerBytes;
        }
    }

    /// <summary>Completes when acknowledgements or answers have left. May complete for no reason: look again. Read loop only.</summary>
    public ValueTask WaitForRoomAsync() => _room.WaitAsync();

    /// <summary>Ends a wait for room.</summary>
    public void WakeReader() => _room.Set();

    public bool TryEnterPump() => Interlocked.Exchange(ref _inPump, 1) == 0;

    public void LeavePump() => Volatile.Write(ref _inPump, 0);

    /// <summary>Ends the connection because what it waits for can never be acknowledged.</summary>
    public void Fail() => fail();

    /// <summary>Something may be ready to be written. Any thread.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _state, RunAgain) == Idle)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Writes the answers and acknowledgements that are ready, then the farewell, and completes when they are handed to the transport. Nothing is written after it.</summary>
    /// <param name="farewell">An encoded packet, or nothing.</param>
    public Task FinishAsync(ReadOnlyMemory<byte> farewell)
    {
        _farewell = farewell;
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _finished, finished);
        if (_dead)
            return Task.CompletedTask;

        Signal();
        return finished.Task;
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        try
        {
            do
            {
                Interlocked.Exchange(ref _state, Running);
                TaskCompletionSource? finished = Volatile.Read(ref _finished);
                bool more;
                do
                {
                    more = WriteRound(last: finished is not null);
                    if (output.UnflushedBytes > 0)
                        await FlushAsync();
                    _room.Set();
                }
                while (more);

                if (finished is not null)
                {
                    Die();
                    return;
                }
            }
            while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
        }
        catch (Exception exception)
        {
            // The transport has gone, which the read loop sees too; or the fault is ours, and a connection that is not written to must end.
            bool ours = !IsFlushing && Volatile.Read(ref _finished) is null;
            Die();
            if (ours)
            {
                ConnectionLog.WriteFailed(broker.Log, exception);
                fail();
            }
        }
    }

    private async ValueTask FlushAsync()
    {
        IsFlushing = true;
        FlushResult flushed = await output.FlushAsync();
        if (flushed.IsCompleted)
            throw new IOException("The peer has gone.");

        IsFlushing = false;
    }

    // The state stays "running", so no signal starts another run.
    private void Die()
    {
        _dead = true;
        Interlocked.MemoryBarrier();
        _room.Set();
        Volatile.Read(ref _finished)?.TrySetResult();
    }

    /// <summary>Writes one round; true when deliveries may be left.</summary>
    private bool WriteRound(bool last)
    {
        bool held = !TryWriteAnswers();
        if (!held)
            WriteAcks();
        if (last)
        {
            output.Write(_farewell.Span);
            return false;
        }

        return !held && Volatile.Read(ref _session) is { } session && WriteDeliveries(session);
    }

    private bool TryWriteAnswers()
    {
        lock (_gate)
        {
            if (_answersAfter >= broker.Handler.DurablePosition)
            {
                broker.Acks.Register(this, _answersAfter);
                return false;
            }

            if (_answers is not { WrittenCount: > 0 } answers)
                return true;

            output.Write(answers.WrittenSpan);
            _congested = false;
            if (answers.Capacity <= KeptAnswerBytes)
                answers.ResetWrittenCount();
            else
                _answers = null;
            return true;
        }
    }

    private void WriteAcks()
    {
        long durable = broker.Handler.DurablePosition;
        while (_acks.TryPeek(out PendingAck ack))
        {
            if (ack.Position >= durable)
            {
                broker.Acks.Register(this, ack.Position);
                return;
            }

            if (ack.ReasonCode < ReasonCode.UnspecifiedError || !_limits.WantsReasons)
                output.Advance(AckPacket.WritePlain(output.GetSpan(AckPacket.MaxPlainBytes), ack.Type, ack.PacketId, ack.ReasonCode));
            else
                WriteWithReason(ack);
            _acks.Dequeue(ack);
        }
    }

    private void WriteWithReason(in PendingAck ack)
    {
        PropertyBuilder properties = new PropertyBuilder().Add(PropertyId.ReasonString, ReasonTexts.Of(ack.ReasonCode));
        new AckPacket { Type = ack.Type, PacketId = ack.PacketId, ReasonCode = ack.ReasonCode, Properties = properties.List }.Write(output, _limits.Version);
    }

    private bool WriteDeliveries(Session session)
    {
        _deliveries ??= new DeliveryWriter(broker, this, output) { Client = _limits, Rights = _rights };
        bool more = _deliveries.Write(session, out long awaited);
        if (awaited != SessionJournal.Nothing)
            broker.Acks.Register(this, awaited);
        return more;
    }
}

/// <summary>What a client said of itself in CONNECT.</summary>
/// <param name="Version">Its protocol.</param>
/// <param name="MaxPacketBytes">Largest packet it takes.</param>
/// <param name="ReceiveMaximum">QoS 1 and 2 messages it takes at once.</param>
/// <param name="WantsReasons">It takes reason strings with every packet that may carry one. [MQTT-3.1.2-29]</param>
internal readonly record struct ClientLimits(ProtocolVersion Version, uint MaxPacketBytes, int ReceiveMaximum, bool WantsReasons)
{
    // A reason string must not make an answer larger than the client takes; beyond this none does. [MQTT-3.4.2-2]
    private const int RoomForReasons = 256;

    public static ClientLimits Of(in ConnectPacket connect)
    {
        PropertyList properties = connect.Properties;
        uint maxPacketBytes = properties.TryGetNumber(PropertyId.MaximumPacketSize, out uint bytes) ? bytes : uint.MaxValue;
        bool wantsReasons = connect.Version == ProtocolVersion.V5 && maxPacketBytes >= RoomForReasons
            && !(properties.TryGetNumber(PropertyId.RequestProblemInformation, out uint wants) && wants == 0);
        int window = properties.TryGetNumber(PropertyId.ReceiveMaximum, out uint maximum) ? (int)maximum : ushort.MaxValue;
        return new ClientLimits(connect.Version, maxPacketBytes, window, wantsReasons);
    }
}
