using System.Buffers;
using System.IO.Pipelines;
using Ioc.Broker.Sessions;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Properties;

namespace Ioc.Broker.Connections;

/// <summary>The only one who writes to a connection: answers first, then PUBACKs whose records are durable, then deliveries.</summary>
/// <remarks>
/// No task stands waiting: <see cref="Signal"/> starts a run on the thread pool unless one is under way, which then goes round once more.
/// Everything it writes is queued elsewhere in bounds; a client that does not read holds up only itself.
/// </remarks>
internal sealed class ConnectionWriter(PipeWriter output, BrokerState broker, Action fail) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunAgain = 2;

    private const int DeliveriesPerRound = 32;

    // Answers waiting beyond this stop the read loop: a flood of PINGREQ costs the flooder, not us.
    private const int MaxAnswerBytes = 16 * 1024;

    // A buffer this small may stay with an idle connection.
    private const int KeptAnswerBytes = 256;

    private readonly Lock _gate = new();
    private readonly AckQueue _acks = new(broker.Options.ReceiveMaximum);
    private readonly WakeSignal _room = new();
    private ArrayBufferWriter<byte>? _answers;
    private Delivery[]? _round;
    private Session? _session;
    private ProtocolVersion _version;
    private uint _maxPacketBytes;
    private ReadOnlyMemory<byte> _farewell; // written before, read after _finished
    private TaskCompletionSource? _finished;
    private int _state;
    private int _inPump;
    private volatile bool _congested;
    private volatile bool _dead;

    /// <summary>Pending PUBACKs; the read loop puts in, this takes out.</summary>
    public AckQueue Acks => _acks;

    /// <summary>The client has left too many answers unread. Asked once per frame, so without the lock.</summary>
    public bool IsCongested => _congested;

    /// <summary>What was written waits for the client to read. Any thread; a moment later it may not be so.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>Tells whose deliveries to send and what the client can take; once, before CONNACK.</summary>
    public void Serve(Session session, ProtocolVersion version, uint maxPacketBytes)
    {
        _version = version;
        _maxPacketBytes = maxPacketBytes;
        Volatile.Write(ref _session, session);
    }

    /// <summary>Queues an answer. <paramref name="write"/> must be static: this is on the way of every PINGREQ.</summary>
    public void Answer<TState>(TState state, Action<IBufferWriter<byte>, TState> write)
        where TState : allows ref struct
    {
        lock (_gate)
        {
            write(_answers ??= new ArrayBufferWriter<byte>(64), state);
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
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The transport is gone; the read loop sees it too and ends the connection.
            Die();
        }
    }

    private async ValueTask FlushAsync()
    {
        IsFlushing = true;
        FlushResult flushed = await output.FlushAsync();
        IsFlushing = false;
        if (flushed.IsCompleted)
            throw new IOException("The peer has gone.");
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
        WriteAnswers();
        WriteAcks();
        if (last)
        {
            output.Write(_farewell.Span);
            return false;
        }

        return _session is { } session && WriteDeliveries(session);
    }

    private void WriteAnswers()
    {
        lock (_gate)
        {
            if (_answers is not { WrittenCount: > 0 } answers)
                return;

            output.Write(answers.WrittenSpan);
            _congested = false;
            if (answers.Capacity <= KeptAnswerBytes)
                answers.ResetWrittenCount();
            else
                _answers = null;
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

            output.Advance(AckPacket.WritePlain(output.GetSpan(AckPacket.MaxPlainBytes), PacketType.Puback, ack.PacketId, ack.ReasonCode));
            _acks.Dequeue();
        }
    }

    private bool WriteDeliveries(Session session)
    {
        _round ??= session.Outgoing.IsEmpty ? null : new Delivery[DeliveriesPerRound];
        if (_round is not { } round)
            return false;

        int taken = session.Outgoing.Take(round);
        int written = 0;
        foreach (Delivery delivery in round.AsSpan(0, taken))
            written += Write(session, delivery) ? 1 : 0;

        Array.Clear(round, 0, taken);
        if (taken > 0)
            broker.Counters.AddDelivered(written);

        // A message passed over has made room in the window for another.
        return taken == round.Length || written < taken;
    }

    private bool Write(Session session, in Delivery delivery)
    {
        var packet = new PublishPacket
        {
            Qos = delivery.Qos,
            Retain = delivery.Retain,
            PacketId = delivery.PacketId,
            Topic = delivery.Message.Topic,
            Properties = PropertyList.FromChecked(delivery.Message.Properties),
            Payload = delivery.Message.Payload,
        };

        if (packet.EncodedBytes(_version) <= _maxPacketBytes)
        {
            packet.Write(output, _version);
            return true;
        }

        // [MQTT-3.1.2-24], [MQTT-3.1.2-25]: too large for this client counts as delivered.
        broker.Counters.Dropped(Drop.PacketTooLargeForClient);
        if (delivery.Qos > 0)
            session.Outgoing.Acknowledge(delivery.PacketId);
        return false;
    }
}
