using Ioc.Devices.Files;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Alarms.Rules;

/// <summary>All alarm rules, checked. Immutable.</summary>
public sealed class AlarmRules
{
    /// <summary>No rule at all.</summary>
    public static AlarmRules None { get; } = new([]);

    /// <summary>Takes rules as they are.</summary>
    public AlarmRules(IReadOnlyList<AlarmRule> all) => All = all;

    /// <summary>Every rule, past and future ones too, in the order of the files.</summary>
    public IReadOnlyList<AlarmRule> All { get; }

    /// <summary>Reads rule files.</summary>
    /// <param name="files">Paths of <c>alarms.yaml</c> files that exist.</param>
    /// <param name="metrics">What can be watched.</param>
    /// <param name="seeds">The devices, units and zones that rules may name.</param>
    /// <param name="today">Units below a named unit are those of this day.</param>
    /// <exception cref="AlarmRulesException">Something is wrong; the exception lists everything.</exception>
    public static AlarmRules Load(IReadOnlyList<string> files, MetricCatalogue metrics, Seeds seeds, LocalDate today)
    {
        var errors = new FileErrors();
        var reader = new RuleReader(metrics, seeds, today);
        foreach (string file in files)
        {
            foreach (YamlMap entry in YamlFile.ReadList(file, "rules", errors))
                reader.Read(entry);
        }

        return errors.None ? new AlarmRules(reader.Rules) : throw new AlarmRulesException(errors.Sorted());
    }
}
