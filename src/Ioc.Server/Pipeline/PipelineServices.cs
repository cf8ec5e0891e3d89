using Ioc.Broker;
using Ioc.Devices.Readings;
using Ioc.Devices.Twins;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>Composition of the way from journal to meaning.</summary>
internal static class PipelineServices
{
    public static IServiceCollection AddPipeline(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<PipelineOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PipelineOptions>, PipelineOptionsValidator>());

        services.AddSingleton<IPublishHandler, JournalPublishHandler>();
        services.AddSingleton<IDecoderSource, EditionDecoders>();
        services.AddSingleton<StoringConsumer>();
        services.AddSingleton<IReadingConsumer>(rooms => rooms.GetRequiredService<TwinStore>());
        services.AddSingleton<IReadingConsumer, AlarmingConsumer>();
        services.AddSingleton<IReadingConsumer>(rooms => rooms.GetRequiredService<StoringConsumer>());
        services.AddSingleton<FirstContacts>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<BalanceSheet>();
        services.AddSingleton<PipelineMeters>();
        services.AddSingleton<StateChanges>();
        services.AddSingleton<SessionKeeper>();
        services.AddSingleton<BirthKeeper>();
        services.AddSingleton(rooms => new RebirthRequests(
            rooms.GetRequiredService<ServerPublisher>().Publish,
            rooms.GetRequiredService<IOptions<PipelineOptions>>(),
            rooms.GetRequiredService<TimeProvider>(),
            rooms.GetRequiredService<ILogger<RebirthRequests>>()));
        services.AddSingleton<JournalAlarm>();
        services.AddSingleton<ProfileKeeper>();

        // In this order: everybody back in place, then the flow, then what the clock asks for.
        services.AddHostedService<Opening>();
        services.AddHostedService(rooms => rooms.GetRequiredService<SessionKeeper>());
        services.AddHostedService(rooms => rooms.GetRequiredService<BirthKeeper>());
        services.AddHostedService(rooms => rooms.GetRequiredService<ProfileKeeper>());
        services.AddHostedService<IngestPipeline>();
        services.AddHostedService<Upkeep>();
        return services;
    }
}
