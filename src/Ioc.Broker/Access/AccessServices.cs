using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>Registers who may do what.</summary>
internal static class AccessServices
{
    /// <summary>Adds the policy. A host that keeps credentials adds an <see cref="IAccessStore"/>.</summary>
    /// <param name="services">Must also hold <see cref="BrokerOptions"/> and a <see cref="TimeProvider"/>.</param>
    /// <param name="mqtt">The section <c>Mqtt</c>.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfigurationSection mqtt)
    {
        services.AddOptions<AccessOptions>().Bind(mqtt).ValidateOnStart();
        services.AddOptions<LimitOptions>().Bind(mqtt.GetSection("Limits")).ValidateOnStart();
        services.AddOptions<BanOptions>().Bind(mqtt.GetSection("Bans")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddSingleton<IValidateOptions<BanOptions>, BanOptionsRanges>();
        services.AddSingleton<IValidateOptions<BanOptions>, BanOptionsAddresses>();

        services.AddSingleton<BanList>();
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton(provider => new AccessWatch(
            provider.GetRequiredService<AccessPolicy>(), provider.GetRequiredService<BanList>(), provider.GetService<IAccessStore>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AccessWatch>>()));
        services.AddHostedService(provider => provider.GetRequiredService<AccessWatch>());
        return services;
    }
}
