using Ioc.Broker.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>Puts the ways in which MQTT comes in into a host.</summary>
public static class TransportServices
{
    /// <summary>Registers the transports of a broker added by <see cref="BrokerServices.AddBroker"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Bound to <see cref="TransportOptions"/>: the section <c>Mqtt</c>.</param>
    public static IServiceCollection AddTransports(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<TransportOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TransportOptions>, TransportOptionsRanges>();
        services.AddSingleton<IValidateOptions<TransportOptions>, TransportOptionsCombinations>();

        // Behind a balancer every address is loopback's or the balancer's, and says nothing about who may come in.
        services.AddOptions<BrokerOptions>().PostConfigure<IOptions<TransportOptions>>(static (broker, transports) =>
            broker.AllowAnonymous ??= transports.Value.ProxyProtocol ? false : null);

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TransportCounters>();
        services.AddSingleton<Doorway>();
        services.AddSingleton<ProxyEntrance>();
        services.AddSingleton<TlsCredentials>();
        services.AddSingleton<TlsEntrance>();
        services.AddSingleton<OriginRule>();
        services.AddSingleton<WebSocketEndpoint>();
        return services;
    }

    /// <summary>Serves MQTT on a listener: PROXY header and TLS as configured, then the broker.</summary>
    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public static void UseMqtt(this ListenOptions listen, bool tls)
    {
        IServiceProvider services = listen.ApplicationServices;
        bool proxied = services.GetRequiredService<IOptions<TransportOptions>>().Value.ProxyProtocol;

        // A plain connection goes straight to the broker and costs nothing more.
        if (proxied || tls)
            listen.Use(services.GetRequiredService<Doorway>().Enter);
        if (proxied)
            listen.Use(services.GetRequiredService<ProxyEntrance>().Enter);
        if (tls)
            listen.UseHttps(services.GetRequiredService<TlsEntrance>().Handshakes);
        if (proxied || tls)
            listen.Use(services.GetRequiredService<Doorway>().Arrive);
        listen.UseConnectionHandler<MqttConnectionHandler>();
    }

    /// <summary>Serves MQTT over WebSocket at <c>/mqtt</c>, unless it is switched off. The application must use WebSockets before its endpoints.</summary>
    public static void MapMqtt(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<TransportOptions>>().Value.WebSocket.Enabled)
            endpoints.Map("/mqtt", endpoints.ServiceProvider.GetRequiredService<WebSocketEndpoint>().ServeAsync);
    }
}
