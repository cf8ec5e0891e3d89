using Ioc.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Upstream;

internal static partial class UpstreamLog
{
    [LoggerMessage(2100, LogLevel.Information, "Upstream '{Name}' connected to {Host}:{Port}; it had kept our session: {SessionPresent}")]
    public static partial void Connected(ILogger log, string name, string host, int port, bool sessionPresent);

    [LoggerMessage(2101, LogLevel.Warning, "Upstream '{Name}' lost: {Why}")]
    public static partial void Lost(ILogger log, string name, string why);

    // Once per reason: the next attempts fail in silence, and the state tells.
    [LoggerMessage(2102, LogLevel.Warning, "Upstream '{Name}' cannot be reached at {Host}:{Port}, and is tried on: {Why}")]
    public static partial void Refused(ILogger log, string name, string host, int port, string why);

    [LoggerMessage(2103, LogLevel.Error, "Upstream '{Name}' refuses filter {Filter}: {Reason}. It is asked again with the next connection")]
    public static partial void FilterRefused(ILogger log, string name, string filter, ReasonCode reason);

    [LoggerMessage(2104, LogLevel.Warning, "Upstream '{Name}' grants filter {Filter} QoS {Granted} where {Wanted} was asked for")]
    public static partial void LessGranted(ILogger log, string name, string filter, int granted, int wanted);

    [LoggerMessage(2105, LogLevel.Warning, "Upstream '{Name}' is not read: the journal takes nothing ({Why}). It keeps its messages, and is tried each second")]
    public static partial void Paused(ILogger log, string name, AcceptOutcome why);

    [LoggerMessage(2106, LogLevel.Error, "Upstream '{Name}' ended by a fault of ours")]
    public static partial void Failed(ILogger log, string name, Exception exception);

    [LoggerMessage(2107, LogLevel.Warning, "Mqtt:Upstreams: the password of '{Name}' stands among the settings; a PasswordFile that only this service may read is safer")]
    public static partial void PlainPassword(ILogger log, string name);
}
