using Microsoft.Extensions.Logging;

namespace Ioc.Alarms.Lifecycle;

/// <summary>What operators read of the engine. Event ids 5000 to 5099.</summary>
internal static partial class AlarmEngineLog
{
    [LoggerMessage(5000, LogLevel.Information, "Alarms: {RuleCount} rules; {OpenCount} open alarms brought back; readings go on at offset {NextOffset}")]
    public static partial void Opened(this ILogger log, int ruleCount, int openCount, long nextOffset);

    [LoggerMessage(5001, LogLevel.Information, "Alarm {AlarmId} of rule {RuleId} at device {Device} is {State}, priority {Priority}, count {Count}")]
    public static partial void Changed(this ILogger log, long alarmId, string ruleId, string device, AlarmState state, int priority, int count);

    [LoggerMessage(5002, LogLevel.Warning, "Alarm {AlarmId} of rule {RuleId} at device {Device} ends because rule or device has gone")]
    public static partial void Orphaned(this ILogger log, long alarmId, string ruleId, string device);

    [LoggerMessage(5003, LogLevel.Error, "{OpenCount} alarms are open, as many as may be; further ones wait until some are closed")]
    public static partial void Full(this ILogger log, int openCount);
}
