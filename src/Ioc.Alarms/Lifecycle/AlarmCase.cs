using Ioc.Alarms.Conditions;

namespace Ioc.Alarms.Lifecycle;

/// <summary>An open alarm and the condition behind it. Touched only inside the engine's gate.</summary>
internal sealed class AlarmCase(Alarm alarm, Condition? condition)
{
    /// <summary>The newest version, perhaps not saved yet.</summary>
    public Alarm Alarm { get; set; } = alarm;

    /// <summary>Null when its rule or device has gone: nothing raises it again.</summary>
    public Condition? Condition { get; } = condition;
}
