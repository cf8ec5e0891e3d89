using Ioc.Broker.Access;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Broker.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ioc.Broker;

/// <summary>Puts the broker into a host.</summary>
public static class BrokerServices
{
    /// <summary>Registers the broker. The host adds an <see cref="IPublishHandler"/> and binds <see cref="MqttConnectionHandler"/> to Kestrel.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Bound to <see cref="BrokerOptions"/>: the section <c>Mqtt</c>.</param>
    public static IServiceCollection AddBroker(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<BrokerOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsRanges>();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsCombinations>();

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BrokerCounters>();
        services.AddAccess(section);
        services.AddSingleton<SubscriptionTree>();
        services.AddSingleton<RetainedStore>();
        services.AddSingleton(provider => new MessageTail(provider.GetRequiredService<IOptions<BrokerOptions>>().Value.TailBytes));
        services.AddSingleton<Router>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<SessionJournal>();
        services.AddSingleton<Publisher>();
        services.AddSingleton(provider => new ServerPublisher(provider.GetRequiredService<Publisher>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SessionSweeper>();
        services.AddSingleton(provider => new BrokerRecovery(provider.GetRequiredService<BrokerState>()));
        services.AddSingleton<BrokerState>();
        services.AddSingleton<AckPump>();
        services.AddSingleton<ConnectionTable>();
        services.AddHostedService(provider => provider.GetRequiredService<AckPump>());
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionTable>());
        services.AddHostedService(provider => provider.GetRequiredService<SessionSweeper>());
        services.AddSingleton(provider => new MqttConnectionHandler(provider.GetRequiredService<BrokerState>(), provider.GetRequiredService<ConnectionTable>()));
        services.AddUpstreams(section);
        return services;
    }
}
