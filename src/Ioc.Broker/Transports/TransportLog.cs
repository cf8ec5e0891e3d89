using System.Net;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Transports;

internal static partial class TransportLog
{
    // Debug: a scanner on the network must not fill the log. The reasons are counted.
    [LoggerMessage(2101, LogLevel.Debug, "Connection from {Remote} ended before MQTT began: {Reason}")]
    public static partial void TurnedAway(ILogger log, EndPoint? remote, Turned reason);

    [LoggerMessage(2102, LogLevel.Debug, "Client certificate of {Remote} refused: {Subject}: {Why}")]
    public static partial void CertificateRefused(ILogger log, EndPoint? remote, string? subject, string why);

    [LoggerMessage(2103, LogLevel.Information, "TLS certificate {Subject} in use, valid until {ValidUntil:yyyy-MM-dd HH:mm}")]
    public static partial void CertificateInUse(ILogger log, string subject, DateTime validUntil);

    [LoggerMessage(2104, LogLevel.Warning, "TLS files have changed but cannot be used; the former ones stay in use: {Why}")]
    public static partial void NewFilesUnusable(ILogger log, string why);

    [LoggerMessage(2105, LogLevel.Warning, "TLS certificate {Subject} is not valid now: from {ValidFrom:yyyy-MM-dd HH:mm} until {ValidUntil:yyyy-MM-dd HH:mm}. Devices will refuse it")]
    public static partial void CertificateNotValidNow(ILogger log, string subject, DateTime validFrom, DateTime validUntil);
}
