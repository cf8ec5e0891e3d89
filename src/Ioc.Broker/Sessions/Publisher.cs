using System.Buffers;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>Publishes what no connection sent: wills. One user at a time; begin, publish, end, on one thread.</summary>
internal sealed class Publisher(IPublishHandler handler, Router router, SessionJournal journal, BrokerCounters counters, AckPump acks)
{
    private readonly List<Session> _touched = [];
    private long _lastPosition;

    public void Begin()
    {
        handler.BeginBatch();
        router.Begin();
        _touched.Clear();
        _lastPosition = -1;
    }

    public void Publish(WillMessage will, Session from, long nowMs)
    {
        PublishHeader.TryRead(will.Header, out PublishHeader header);
        var payload = new ReadOnlySequence<byte>(will.Payload);
        AcceptOutcome outcome = handler.TryAccept(will.Header, payload, out long position);
        if (outcome != AcceptOutcome.Accepted)
        {
            counters.Refused(outcome == AcceptOutcome.QuotaExceeded ? Refusal.QuotaExceeded : Refusal.Unavailable);
            return;
        }

        counters.AddReceived(1);
        router.Route(header, will.Header, payload, position, nowMs, from, _touched);
        _lastPosition = position;
    }

    public void WillSettled(Session session) => journal.WillSettled(session);

    /// <summary>Ends the batch and has receivers woken once the messages are durable.</summary>
    public void End()
    {
        Session[] touched = [.. _touched];
        long position = _lastPosition;
        handler.EndBatch();
        foreach (Session session in touched)
        {
            if (session.Writer is { } writer)
                acks.Register(writer, position);
        }
    }
}
