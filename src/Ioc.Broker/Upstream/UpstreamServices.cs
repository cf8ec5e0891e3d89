using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Upstream;

/// <summary>Composition of the client role.</summary>
internal static class UpstreamServices
{
    /// <summary>Adds <see cref="Upstreams"/>; without an entry it does nothing.</summary>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<UpstreamsOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<UpstreamsOptions>, UpstreamOptionsCheck>();
        services.AddSingleton<Upstreams>();
        services.AddHostedService(provider => provider.GetRequiredService<Upstreams>());
        return services;
    }
}
