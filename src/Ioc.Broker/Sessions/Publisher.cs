using System.Buffers;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>Publishes what no connection sent: wills and the server's own. One user at a time, which the handler's batch sees to; begin, publish, end, on one thread.</summary>
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

    public void Publish(WillMessage will, Session from, long nowMs) => Publish(will.Header, will.Payload, from, nowMs);

    public AcceptOutcome Publish(byte[] encodedHeader, byte[] bytes, Session? from, long nowMs)
    {
        PublishHeader.TryRead(encodedHeader, out PublishHeader header);
        var payload = new ReadOnlySequence<byte>(bytes);
        AcceptOutcome outcome = handler.TryAccept(encodedHeader, payload, out long position);
        if (outcome != AcceptOutcome.Accepted)
        {
            counters.Refused(outcome == AcceptOutcome.QuotaExceeded ? Refusal.QuotaExceeded : Refusal.Unavailable);
            return outcome;
        }

        counters.AddReceived(1);
        router.Route(header, encodedHeader, payload, position, nowMs, from, _touched);
        _lastPosition = position;
        return outcome;
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
