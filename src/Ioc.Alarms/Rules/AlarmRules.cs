namespace Ioc.Alarms.Rules;

/// <summary>All alarm rules, checked. Immutable.</summary>
public sealed class AlarmRules
{
    /// <summary>No rule at all.</summary>
    public static AlarmRules None { get; } = new();

    private AlarmRules()
    {
    }
}
