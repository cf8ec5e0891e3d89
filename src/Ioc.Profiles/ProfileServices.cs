using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Sparkplug;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Profiles;

/// <summary>Brings the room into the container.</summary>
public static class ProfileServices
{
    /// <summary>Adds the editions of the profile folder <c>Profiles:Path</c>, and the book of Sparkplug births.</summary>
    /// <param name="services">Has to have the metric catalogue, the channel table and the device registry as well.</param>
    /// <param name="section">The section <c>Profiles</c>.</param>
    /// <param name="dataPath">The product's data folder; the editions are kept in it.</param>
    public static IServiceCollection AddProfiles(this IServiceCollection services, IConfigurationSection section, string dataPath)
    {
        services.AddOptions<ProfilesOptions>().Configure(options => options.ArchivePath = Path.Combine(dataPath, "profiles")).Bind(section);
        services.AddSingleton(provider => new ProfileEditions(
            provider.GetRequiredService<IOptions<ProfilesOptions>>().Value,
            provider.GetRequiredService<MetricCatalogue>(),
            provider.GetRequiredService<ChannelTable>(),
            provider.GetRequiredService<ILogger<ProfileEditions>>()));
        services.AddSingleton<BirthBook>();
        return services;
    }
}
