using System.Text;
using Ioc.Broker.Access;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker;

/// <summary>What all connections share.</summary>
internal sealed class BrokerState(
    IOptions<BrokerOptions> options,
    IPublishHandler handler,
    BrokerCounters counters,
    AccessPolicy access,
    SubscriptionTree subscriptions,
    RetainedStore retained,
    MessageTail tail,
    Router router,
    SessionRegistry sessions,
    SessionJournal sessionJournal,
    Publisher publisher,
    AckPump acks,
    TimeProvider time,
    ILogger<MqttConnectionHandler> log)
{
    public BrokerOptions Options { get; } = options.Value;

    public IPublishHandler Handler { get; } = handler;

    public BrokerCounters Counters { get; } = Observed(counters, sessions, retained);

    public AccessPolicy Access { get; } = access;

    public SubscriptionTree Subscriptions { get; } = subscriptions;

    public RetainedStore Retained { get; } = retained;

    public MessageTail Tail { get; } = tail;

    public Router Router { get; } = router;

    public SessionRegistry Sessions { get; } = sessions;

    public SessionJournal SessionJournal { get; } = sessionJournal;

    public Publisher Publisher { get; } = publisher;

    public AckPump Acks { get; } = acks;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;

    /// <summary>Filters that nobody may subscribe to, as bytes.</summary>
    public HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> RefusedFilters { get; } =
        new HashSet<byte[]>(options.Value.RefusedFilters.Select(Encoding.UTF8.GetBytes), Utf8Comparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    private static BrokerCounters Observed(BrokerCounters counters, SessionRegistry sessions, RetainedStore retained)
    {
        counters.Observe(sessions, retained);
        return counters;
    }
}
