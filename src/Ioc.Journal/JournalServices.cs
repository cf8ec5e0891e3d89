using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Journal;

/// <summary>Composition of the journal.</summary>
public static class JournalServices
{
    /// <summary>Adds <see cref="RecordJournal"/> as a singleton that is opened, and recovered, when first asked for.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="section">Bound to <see cref="JournalOptions"/>.</param>
    /// <param name="dataPath">Folder of all durable data; <see cref="JournalOptions.Path"/> is relative to it, by default "journal".</param>
    public static IServiceCollection AddJournal(this IServiceCollection services, IConfigurationSection section, string dataPath)
    {
        services.AddOptions<JournalOptions>()
            .Bind(section)
            .PostConfigure(options => options.Path = Path.Combine(dataPath, options.Path is "" ? "journal" : options.Path))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JournalOptions>, JournalOptionsValidator>());
        services.TryAddSingleton<IClock>(SystemClock.Instance);
        services.AddSingleton(provider => RecordJournal.Open(
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            provider.GetRequiredService<IClock>(),
            provider.GetRequiredService<ILogger<RecordJournal>>()));
        return services;
    }
}
