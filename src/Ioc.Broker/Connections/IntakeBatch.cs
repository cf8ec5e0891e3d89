using System.Buffers;
using Ioc.Broker.Sessions;

namespace Ioc.Broker.Connections;

/// <summary>What one read of a connection puts into the journal, as one batch: opened by the first thing that needs it, closed when the read is dealt with.</summary>
/// <remarks>Touched only by the connection's read loop. While it is open every other connection waits to append.</remarks>
internal sealed class IntakeBatch(BrokerState broker, ConnectionWriter writer)
{
    private const long None = -1;

    private List<Session>? _touched;
    private bool _open;
    private int _accepted;
    private long _first = None;
    private long _last = None;
    private bool _signal;
    private long _nowMs;

    /// <summary>Opens the batch if it is not; the session and what stands in the journal move together from here on.</summary>
    public void Open()
    {
        if (_open)
            return;

        broker.Handler.BeginBatch();
        broker.Router.Begin();
        _nowMs = broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _open = true;
    }

    /// <summary>Offers a message to the journal and, when it is taken, to whoever wants it.</summary>
    public AcceptOutcome Accept(in PublishHeader header, ReadOnlySpan<byte> encoded, in ReadOnlySequence<byte> payload, Session? publisher, out long position)
    {
        Open();
        AcceptOutcome outcome = broker.Handler.TryAccept(encoded, payload, out position);
        if (outcome != AcceptOutcome.Accepted)
            return outcome;

        _accepted++;
        _last = position;
        broker.Router.Route(header, encoded, payload, position, _nowMs, publisher, _touched ??= []);
        return outcome;
    }

    /// <summary>Publishes a will. Nobody is there to be told: one that the journal does not take is counted and lost.</summary>
    public void Publish(WillMessage will)
    {
        Open();
        PublishHeader.TryRead(will.Header, out PublishHeader header);
        AcceptOutcome outcome = Accept(header, will.Header, new ReadOnlySequence<byte>(will.Payload), broker.Sessions.Find(header.ClientId), out _);
        if (outcome != AcceptOutcome.Accepted)
            broker.Counters.Refused(outcome == AcceptOutcome.QuotaExceeded ? Refusal.QuotaExceeded : Refusal.Unavailable);
    }

    /// <summary>Queues an acknowledgement that leaves when its position is durable; at once when it has none.</summary>
    public void Acknowledge(in PendingAck ack)
    {
        writer.Acks.Enqueue(ack);
        if (ack.Position == PendingAck.Immediate)
            _signal = true;
        else if (_first == None)
            _first = ack.Position;
    }

    /// <summary>The writer has something to send.</summary>
    public void SignalWriter() => _signal = true;

    /// <summary>The writer holds answers until a position is durable.</summary>
    public void WakeWriterAt(long position)
    {
        if (position == SessionJournal.Nothing)
            _signal = true;
        else if (_first == None)
            _first = position;
    }

    /// <summary>Closes the batch, if it is open, and has everybody woken whom it concerns.</summary>
    public void Close()
    {
        if (_open)
        {
            _open = false;
            broker.Handler.EndBatch();
        }

        if (_accepted > 0)
            broker.Counters.AddReceived(_accepted);
        if (_touched is { Count: > 0 } touched)
        {
            foreach (Session session in touched)
            {
                if (session.Writer is { } receiver)
                    broker.Acks.Register(receiver, _last);
            }

            touched.Clear();
        }

        if (_signal)
            writer.Signal();
        if (_first != None)
            broker.Acks.Register(writer, _first);

        _accepted = 0;
        _first = _last = None;
        _signal = false;
    }
}
