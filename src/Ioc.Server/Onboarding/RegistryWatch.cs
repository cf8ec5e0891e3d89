using Ioc.Devices.Onboarding;

namespace Ioc.Server.Onboarding;

/// <summary>Takes over what the command line changes of the registry beside this process, within two seconds.</summary>
internal sealed class RegistryWatch(DeviceDesk desk, TimeProvider time, ILogger<RegistryWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await desk.RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database may be locked or full for a while; what was decided there waits in it.
                RegistryWatchLog.Failed(log, e);
            }
        }
    }
}

internal static partial class RegistryWatchLog
{
    [LoggerMessage(9060, LogLevel.Error, "Changes of the registry could not be taken over; tried again in two seconds")]
    public static partial void Failed(ILogger log, Exception exception);
}
