using Ioc.Broker.Sessions;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Routing;

/// <summary>Sends a new subscription the retained messages it asks for.</summary>
internal static class RetainedAnswer
{
    // A client that subscribes again and again to a small store is no burden.
    private const int FewWaiting = 1_000;

    /// <summary>False when too many wait already.</summary>
    /// <param name="filter">As subscribed.</param>
    /// <param name="granted">Says when retained messages are wanted.</param>
    /// <param name="identifier">The client's number for the subscription, or 0.</param>
    /// <param name="known">The subscription was there before.</param>
    /// <param name="session">Gets them.</param>
    /// <param name="retained">Where they are.</param>
    /// <param name="nowMs">Unix milliseconds.</param>
    // [MQTT-3.3.1-9], [MQTT-3.3.1-10], [MQTT-3.3.1-11]; none for a shared subscription.
    public static bool TrySend(ReadOnlySpan<byte> filter, SubscriptionOptions granted, uint identifier, bool known, Session session, RetainedStore retained, long nowMs)
    {
        bool wanted = granted.RetainHandling == RetainHandling.Send || (granted.RetainHandling == RetainHandling.SendIfNew && !known);
        if (!wanted || TopicFilter.IsShared(filter))
            return true;

        // Who has everything waiting twice over need not have it looked up a third time.
        if (session.Outgoing.RetainedWaiting > Math.Max(FewWaiting, 2 * retained.Count))
            return false;

        var messages = new List<RetainedMessage>();
        retained.Find(filter, nowMs, messages);
        return session.Outgoing.TryEnqueueRetained(messages, granted.Qos, identifier == 0 ? null : [identifier]);
    }
}
