using System.IO.Pipelines;
using Ioc.Broker.Connections;
using Ioc.Mqtt;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Upstream;

/// <summary>Sends acknowledgements once the journal has what they acknowledge, many in one write, and asks for signs of life.</summary>
/// <remarks>The read loop puts replies in and wakes it; only <see cref="RunAsync"/> writes, until it has ended.</remarks>
internal sealed class UpstreamWriter(PipeWriter output, IPublishHandler handler, UpstreamState state, Heartbeat heartbeat, int capacity, TimeProvider time)
{
    private readonly WakeSignal _wake = new();
    private readonly WakeSignal _room = new();
    private long _closed;
    private volatile bool _finishing;

    /// <summary>Replies that wait; when it is full the read loop waits.</summary>
    public AckRing Replies { get; } = new(capacity);

    /// <summary>Exchanges whose last reply has been written: so many places of the Receive Maximum have been given back.</summary>
    public long ClosedCount => Volatile.Read(ref _closed);

    /// <summary>Has the writer look at its replies. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Has the writer end once everything it owes is sent. Any thread.</summary>
    public void Finish()
    {
        _finishing = true;
        _wake.Set();
    }

    /// <summary>Waits until replies have left; may return early. Read loop only.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken ct)
    {
        await using CancellationTokenRegistration end = ct.UnsafeRegister(static room => ((WakeSignal)room!).Set(), _room);
        while (Replies.IsFull && !ct.IsCancellationRequested)
            await _room.WaitAsync();
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Writes until told to finish, or throws when the connection or the journal breaks.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using ITimer tick = time.CreateTimer(static wake => ((WakeSignal)wake!).Set(), _wake, heartbeat.Tick, heartbeat.Tick);
        await using CancellationTokenRegistration end = ct.UnsafeRegister(static wake => ((WakeSignal)wake!).Set(), _wake);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (heartbeat.IsLost)
                throw new UpstreamLostException($"nothing was heard for {heartbeat.Patience.TotalSeconds:0.#} s", ReasonCode.KeepAliveTimeout);

            if (WriteReplies() | WritePing())
                await FlushAsync(ct);
            else if (_finishing && Replies.IsEmpty)
                return;
            else if (Replies.TryPeek(out PendingReply next))
                await WaitForDurableAsync(next.Position, ct);
            else
                await _wake.WaitAsync();
        }
    }

    /// <summary>Says why we leave, after <see cref="RunAsync"/> has ended. 3.1.1 has no reasons.</summary>
    public async Task FarewellAsync(ReasonCode reason, ProtocolVersion version, CancellationToken ct)
    {
        new DisconnectPacket { Type = PacketType.Disconnect, ReasonCode = reason }.Write(output, version);
        await output.FlushAsync(ct);
    }

    private bool WriteReplies()
    {
        long durable = handler.DurablePosition;
        int written = 0;
        while (Replies.TryPeek(out PendingReply reply) && reply.Position < durable)
        {
            Span<byte> span = output.GetSpan(AckPacket.MaxPlainBytes);
            output.Advance(AckPacket.WritePlain(span, reply.Type, reply.PacketId, reply.ReasonCode));
            if (reply.Closes)
                Volatile.Write(ref _closed, _closed + 1);
            Replies.Dequeue();
            written++;
        }

        state.AddAcknowledged(written);
        return written > 0;
    }

    private bool WritePing()
    {
        if (!heartbeat.IsPingDue)
            return false;

        PingPacket.WriteRequest(output);
        heartbeat.Asked();
        return true;
    }

    private async ValueTask FlushAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(heartbeat.Patience);
        try
        {
            await output.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new UpstreamLostException($"it did not read our acknowledgements for {heartbeat.Patience.TotalSeconds:0.#} s");
        }

        heartbeat.Sent();
        _room.Set();
    }

    // Comes back at every tick of the heartbeat: a slow disk must not make us look dead.
    private async ValueTask WaitForDurableAsync(long position, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(heartbeat.Tick);
        try
        {
            await handler.WaitForDurableAsync(position, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // What was not flushed is not acknowledged: the other broker keeps it.
            throw new UpstreamLostException($"accepted messages cannot be made durable: {exception.Message}", ReasonCode.ImplementationSpecificError, exception);
        }
    }
}
