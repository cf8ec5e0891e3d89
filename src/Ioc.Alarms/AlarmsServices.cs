using Ioc.Alarms.Lifecycle;
using Ioc.Alarms.Rules;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Alarms;

/// <summary>Puts the room together.</summary>
public static class AlarmsServices
{
    /// <summary>The file of rules in each folder of seeds.</summary>
    public const string RulesFile = "alarms.yaml";

    /// <summary>Adds rules and engine as singletons. Needs the devices room, an <see cref="IAlarmLedger"/> and an <see cref="IClock"/>; whoever starts the pipeline calls <see cref="AlarmEngine.OpenAsync"/> first.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="section">Bound to <see cref="AlarmOptions"/>.</param>
    public static IServiceCollection AddAlarms(this IServiceCollection services, IConfigurationSection section)
    {
        services.AddOptions<AlarmOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlarmOptions>, AlarmOptionsValidator>();
        services.AddSingleton(provider =>
        {
            Seeds seeds = provider.GetRequiredService<Seeds>();
            return AlarmRules.Load(
                [.. seeds.Folders.Select(folder => Path.Combine(folder, RulesFile)).Where(File.Exists)],
                provider.GetRequiredService<MetricCatalogue>(),
                seeds,
                VietnamTime.DateOf(provider.GetRequiredService<IClock>().GetCurrentInstant()));
        });
        services.AddSingleton(provider => new AlarmEngine(
            provider.GetRequiredService<AlarmRules>(),
            provider.GetRequiredService<DeviceRegistry>(),
            provider.GetRequiredService<MetricCatalogue>(),
            provider.GetRequiredService<ChannelTable>(),
            provider.GetRequiredService<IAlarmLedger>(),
            provider.GetRequiredService<IOptions<AlarmOptions>>().Value,
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<ILogger<AlarmEngine>>()));
        return services;
    }
}

[OptionsValidator]
internal sealed partial class AlarmOptionsValidator : IValidateOptions<AlarmOptions>;
