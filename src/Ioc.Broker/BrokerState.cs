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
    SessionRegistry sessions,
    AckPump acks,
    TimeProvider time,
    ILogger<MqttConnectionHandler> log)
{
    public BrokerOptions Options { get; } = options.Value;

    public IPublishHandler Handler { get; } = handler;

    public BrokerCounters Counters { get; } = counters;

    public AccessPolicy Access { get; } = access;

    public SubscriptionTree Subscriptions { get; } = subscriptions;

    public RetainedStore Retained { get; } = retained;

    public SessionRegistry Sessions { get; } = sessions;

    public AckPump Acks { get; } = acks;

    public TimeProvider Time { get; } = time;

    public ILogger Log { get; } = log;
}
