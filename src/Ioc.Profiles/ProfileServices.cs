using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ioc.Profiles;

/// <summary>Brings the room into the container.</summary>
public static class ProfileServices
{
    /// <summary>Adds the profile set of <c>Profiles:Path</c> and decoders over it: one set for all, a decoder for each who asks.</summary>
    /// <param name="services">Has to have the metric catalogue, the channel table and the device registry as well.</param>
    /// <param name="section">The section <c>Profiles</c>.</param>
    public static IServiceCollection AddProfiles(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<ProfilesOptions>().Bind(section);
        services.AddSingleton(provider => ProfileSet.Load(
            provider.GetRequiredService<IOptions<ProfilesOptions>>().Value.FullPath,
            provider.GetRequiredService<MetricCatalogue>(),
            provider.GetRequiredService<ChannelTable>()));
        services.AddTransient<MessageDecoder>();
        return services;
    }
}
