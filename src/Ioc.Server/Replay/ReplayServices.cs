using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Replay;

/// <summary>Composition of everything that looks at kept messages again.</summary>
internal static class ReplayServices
{
    public static IServiceCollection AddReplay(this IServiceCollection services)
    {
        services.AddOptions<ReplayOptions>().BindConfiguration("Replay").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ReplayOptions>, ReplayOptionsValidator>());

        // Asked for each time, so that a reload of the profiles reaches everybody.
        services.AddSingleton<Func<ProfileSet>>(rooms => () => rooms.GetRequiredService<ProfileEditions>().Current.Set);
        services.AddSingleton<DryRegistry>();
        services.AddSingleton<KeptMessages>();
        services.AddSingleton<GroupViews>();
        services.AddSingleton<ProfileVersions>();
        services.AddSingleton<Provenance>();
        services.AddSingleton<ReplayScan>();
        services.AddSingleton<ReplayCarrier>();
        services.AddSingleton<ReplayViews>();

        // After the pipeline, which opens the store.
        services.AddSingleton<ReplayDesk>();
        services.AddHostedService(rooms => rooms.GetRequiredService<ReplayDesk>());
        return services;
    }

    public static void MapReplay(this IEndpointRouteBuilder routes)
    {
        routes.MapQuarantineGroups();
        routes.MapKeptMessages();
        routes.MapReplays();
        routes.MapProvenance();
    }
}
