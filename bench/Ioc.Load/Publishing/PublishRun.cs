using System.Diagnostics;
using Ioc.Load.Receiving;
using Ioc.Load.Wire;

namespace Ioc.Load.Publishing;

/// <summary>The loop of one thread that serves all connections: reads what is there, writes what may go, waits for more.</summary>
internal sealed class PublishRun
{
    // Without any progress for so long the run has failed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Publisher> _publishers;
    private readonly Subscriber? _subscriber;
    private readonly Readiness _readiness;
    private readonly int _behind;
    private readonly CancellationToken _ct;
    private long _sent, _acknowledged;

    /// <param name="publishers">Connections that send.</param>
    /// <param name="subscriber">Who takes all; null for nobody.</param>
    /// <param name="sockets">Those of the publishers in their order, then the subscriber's.</param>
    /// <param name="behind">Most messages that the subscriber may be behind before publishers wait for it.</param>
    public PublishRun(IReadOnlyList<Publisher> publishers, Subscriber? subscriber, IReadOnlyList<WireSocket> sockets, int behind, CancellationToken ct)
    {
        (_publishers, _subscriber, _behind, _ct) = (publishers, subscriber, behind, ct);
        _readiness = new Readiness(sockets);
    }

    /// <summary>Longest time by which a paced message was sent too late because this program was busy or the window full.</summary>
    public TimeSpan Lateness { get; private set; }

    /// <summary>Sends until every connection has sent <paramref name="perConnection"/> since it began, and everything is acknowledged and delivered.</summary>
    /// <param name="sendsLast">At QoS 0 the broker is asked for a sign that it has read all.</param>
    public void SendUntil(long perConnection, Pace pace, bool sendsLast)
    {
        long goal = perConnection * _publishers.Count, begun = _sent;
        long started = Stopwatch.GetTimestamp(), progressed = started;
        while (!IsDone(goal, sendsLast))
        {
            _ct.ThrowIfCancellationRequested();
            long before = _sent + _acknowledged + (_subscriber?.Received ?? 0);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            Read();
            Write(perConnection, pace, begun, pace.AllowedAfter(elapsed));
            if (_sent == goal && sendsLast)
                AskForPongs();

            if (_sent + _acknowledged + (_subscriber?.Received ?? 0) != before)
                progressed = Stopwatch.GetTimestamp();
            else if (Stopwatch.GetElapsedTime(progressed) > Patience)
                throw new TimeoutException($"nothing moved for {Patience.TotalSeconds} s: sent {_sent}, acknowledged {_acknowledged}, delivered {_subscriber?.Received ?? 0} (passed over {_subscriber?.Deliveries.Missing ?? 0}) of {goal}");

            Wait(pace, begun, goal, started);
        }
    }

    private bool IsDone(long goal, bool sendsLast) =>
        _sent == goal && _acknowledged == goal && (_subscriber is null || _subscriber.Received >= goal)
        && (!sendsLast || _publishers.All(publisher => publisher.HasPong));

    private void Read()
    {
        _acknowledged = 0;
        for (int i = 0; i < _publishers.Count; i++)
        {
            if (_readiness.IsReadable(i))
                _publishers[i].Read();
            _acknowledged += _publishers[i].Acknowledged;
        }

        if (_subscriber is not null && (_readiness.IsReadable(_publishers.Count) || _subscriber.OwesAcks))
            _subscriber.Read();
    }

    private void Write(long perConnection, Pace pace, long begun, long allowed)
    {
        long earlier = begun / _publishers.Count;
        for (int i = 0; i < _publishers.Count; i++)
        {
            long mayHaveSent = Math.Min(perConnection, pace.IsUnbounded ? perConnection : earlier + pace.ShareOf(i, allowed));
            if (_subscriber is not null)
                mayHaveSent = Math.Min(mayHaveSent, _publishers[i].Sent + Math.Max(0, _behind - (_sent - _subscriber.Received)));
            _sent += _publishers[i].Fill(mayHaveSent, pace.IsUnbounded ? perConnection : mayHaveSent);
        }
    }

    private void Wait(Pace pace, long begun, long goal, long started)
    {
        bool hasMore = false;
        for (int i = 0; i < _publishers.Count; i++)
        {
            // A connection of QoS 0 is never full by itself: only the kernel says when it is.
            bool wants = _publishers[i].IsBlocked || (pace.IsUnbounded && _publishers[i].Sent == _publishers[i].Acknowledged && _sent < goal && !IsHeldBack);
            _readiness.WantWritable(i, wants);
            hasMore |= wants;
        }

        if (_subscriber is not null)
            _readiness.WantWritable(_publishers.Count, _subscriber.OwesAcks);

        TimeSpan longest = LongestWait;
        if (!pace.IsUnbounded && _sent < goal)
        {
            TimeSpan due = pace.DueOf(_sent - begun) - Stopwatch.GetElapsedTime(started);
            if (-due > Lateness)
                Lateness = -due;
            longest = due > TimeSpan.Zero ? due : hasMore ? LongestWait : TimeSpan.FromMicroseconds(200);
        }

        _readiness.Wait(longest < LongestWait ? longest : LongestWait);
    }

    private bool IsHeldBack => _subscriber is not null && _sent - _subscriber.Received >= _behind;

    private void AskForPongs()
    {
        foreach (Publisher publisher in _publishers)
            publisher.AskForPong();
    }
}
