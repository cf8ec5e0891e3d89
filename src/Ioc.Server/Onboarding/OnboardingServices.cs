using Ioc.Devices.Onboarding;
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
        services.AddHostedService<RegistryWatch>();
        return services;
    }

    public static void MapOnboarding(this IEndpointRouteBuilder routes)
    {
        routes.MapDeviceChanges();
        routes.MapImport();
        routes.MapDeviceCredentials();
        routes.MapAudit();
    }
}
