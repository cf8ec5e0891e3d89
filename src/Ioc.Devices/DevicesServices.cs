using Ioc.Devices.Attributes;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Devices;

/// <summary>Puts the room together.</summary>
public static class DevicesServices
{
    /// <summary>Adds seeds, metric catalogue, channel table, registry and twins as singletons. Needs an <see cref="IClock"/>.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="section">Bound to <see cref="RegistryOptions"/>; its section <c>Twins</c> to <see cref="TwinOptions"/>.</param>
    /// <param name="seedFolders">Folders of seeds, in order.</param>
    /// <param name="metricsFile">The metric catalogue.</param>
    public static IServiceCollection AddDevices(this IServiceCollection services, IConfigurationSection section, IReadOnlyList<string> seedFolders, string metricsFile)
    {
        services.AddOptions<RegistryOptions>().Bind(section).ValidateOnStart();
        services.AddOptions<TwinOptions>().Bind(section.GetSection("Twins")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistryOptions>, RegistryOptionsValidator>();
        services.AddSingleton<IValidateOptions<TwinOptions>, TwinOptionsValidator>();

        services.AddSingleton(provider => Seeds.Load(seedFolders, VietnamTime.DateOf(provider.GetRequiredService<IClock>().GetCurrentInstant())));
        services.AddSingleton(_ => MetricCatalogueFile.Load(metricsFile));
        services.AddSingleton<ChannelTable>();
        services.AddSingleton(provider => new DeviceRegistry(
            provider.GetRequiredService<Seeds>().Devices,
            provider.GetRequiredService<IOptions<RegistryOptions>>().Value,
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<Seeds>()));
        services.AddSingleton(provider => new AttributeBook(
            provider.GetRequiredService<DeviceRegistry>(),
            provider.GetRequiredService<IAttributeLedger>()));
        services.AddSingleton(provider => new TwinStore(
            provider.GetRequiredService<DeviceRegistry>(),
            provider.GetRequiredService<IOptions<TwinOptions>>().Value,
            provider.GetRequiredService<MetricCatalogue>()));
        return services;
    }
}

[OptionsValidator]
internal sealed partial class RegistryOptionsValidator : IValidateOptions<RegistryOptions>;

[OptionsValidator]
internal sealed partial class TwinOptionsValidator : IValidateOptions<TwinOptions>;
