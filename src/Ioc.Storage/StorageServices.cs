using Ioc.Alarms.Lifecycle;
using Ioc.Devices.Attributes;
using Ioc.Devices.Firmware;
using Ioc.Devices.Metrics;
using Ioc.Devices.Onboarding;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Storage;

/// <summary>Registers the room.</summary>
public static class StorageServices
{
    /// <summary>Adds the reading store that the configuration names, the ledgers and the quarantine index.</summary>
    /// <param name="services">Must also hold the device registry, the metric catalogue and the channel table.</param>
    /// <param name="storage">The section <c>Storage</c>.</param>
    /// <param name="dataPath">Folder of <c>readings.duckdb</c> and <c>operational.db</c>; made when missing.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfigurationSection storage, string dataPath)
    {
        services.AddOptions<StorageOptions>().Bind(storage).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<IValidateOptions<StorageOptions>, InfluxOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);

        services.AddSingleton(_ => new OperationalDatabase(Path.Combine(dataPath, "operational.db")));
        services.AddSingleton<IAlarmLedger, AlarmLedger>();
        services.AddSingleton<IDeviceLedger, DeviceLedger>();
        services.AddSingleton<IRegistryLedger>(provider => new RegistryLedger(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton(provider => new AuditLedger(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton<IAttributeLedger, AttributeLedger>();
        services.AddSingleton<IFirmwareLedger, FirmwareLedger>();
        services.AddSingleton<ProgressLedger>();
        services.AddSingleton(provider => new RefusalLedger(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton(provider => new AccessLedger(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton(provider => new QuarantineGroups(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton(provider => new DecodeLedger(provider.GetRequiredService<OperationalDatabase>()));
        services.AddSingleton(provider => new QuarantineIndex(
            provider.GetRequiredService<OperationalDatabase>(), provider.GetRequiredService<IOptions<StorageOptions>>().Value.QuarantineRows));
        services.AddSingleton(provider => Store(provider, Path.Combine(dataPath, "readings.duckdb")));
        services.AddSingleton(provider => provider.GetRequiredService<IReadingStore>() is DuckDbReadingStore duckDb
            ? duckDb.Replays
            : (IReplayStore)new RefusingReplayStore("InfluxDB keeps neither a reading's message nor a message's outcome: decoding again needs Storage:Kind duckdb."));
        return services;
    }

    private static IReadingStore Store(IServiceProvider provider, string path)
    {
        StorageOptions options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
        var registry = provider.GetRequiredService<DeviceRegistry>();
        var metrics = provider.GetRequiredService<MetricCatalogue>();
        var channels = provider.GetRequiredService<ChannelTable>();
        var time = provider.GetRequiredService<TimeProvider>();
        return options.Kind == StorageKind.Influx
            ? new InfluxReadingStore(
                options, provider.GetRequiredService<ProgressLedger>(), registry, metrics, channels, time, provider.GetRequiredService<ILogger<InfluxReadingStore>>())
            : new DuckDbReadingStore(path, options, registry, metrics, channels, time, provider.GetRequiredService<ILogger<DuckDbReadingStore>>());
    }
}
