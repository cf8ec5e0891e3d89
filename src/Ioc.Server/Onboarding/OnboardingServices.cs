using Ioc.Devices.Firmware;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Editions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Server.Onboarding;

/// <summary>Composition of what changes the registry while the product runs.</summary>
internal static class OnboardingServices
{
    public static IServiceCollection AddOnboarding(this IServiceCollection services)
    {
        services.AddSingleton(rooms =>
        {
            var editions = rooms.GetRequiredService<ProfileEditions>();
            return new DeviceEditor(
                rooms.GetRequiredService<Seeds>(),
                name => editions.Current.Set.Profiles.Any(profile => profile.Name == name),
                Duration.FromSeconds(rooms.GetRequiredService<IOptions<RegistryOptions>>().Value.DefaultPeriodSeconds));
        });
        services.AddSingleton<DeviceDesk>();
        services.AddSingleton<FirmwareCensus>();
        services.AddSingleton<IReadingConsumer>(rooms => rooms.GetRequiredService<FirmwareCensus>());
        services.AddHostedService<RegistryWatch>();
        services.AddHostedService<FirmwareWatch>();
        return services;
    }

    public static void MapOnboarding(this IEndpointRouteBuilder routes)
    {
        routes.MapDeviceChanges();
        routes.MapImport();
        routes.MapDeviceCredentials();
        routes.MapAudit();
        routes.MapFirmware();
    }
}
