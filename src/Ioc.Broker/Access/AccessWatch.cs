using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Access;

/// <summary>Brings credentials and bans from where they are kept into the policy: before the first device connects, and whenever they have changed.</summary>
/// <remarks>Asked for again every <see cref="Period"/>, so that the command line can change them beside a running server.</remarks>
internal sealed class AccessWatch(AccessPolicy policy, BanList bans, TimeProvider time, ILogger<AccessWatch> log, IServiceProvider services) : BackgroundService
{
    /// <summary>How late a change may be noticed.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // A broker that stands alone, as in tests, has its users from configuration only.
    private readonly IAccessStore? _store = services.GetService<IAccessStore>();
    private readonly SemaphoreSlim _reading = new(1);
    private long _revision = -1;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes over what has changed, now.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
            return;

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (await _store.ReadAsync(_revision, cancellationToken) is not { } snapshot)
                return;

            policy.Replace(snapshot.Credentials);
            bans.Replace(snapshot.Bans);
            _revision = snapshot.Revision;
            AccessWatchLog.Loaded(log, snapshot.Credentials.Count(credential => credential.Enabled), snapshot.Bans.Count);
        }
        finally
        {
            _reading.Release();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_store is null)
            return;

        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReadAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Those in force stay in force; the next turn asks again.
                AccessWatchLog.Failed(log, e);
            }
        }
    }
}

internal static partial class AccessWatchLog
{
    [LoggerMessage(2321, LogLevel.Information, "{CredentialCount} credentials and {BanCount} bans are in force")]
    public static partial void Loaded(ILogger log, int credentialCount, int banCount);

    [LoggerMessage(2322, LogLevel.Warning, "Credentials and bans cannot be read; those known stay in force")]
    public static partial void Failed(ILogger log, Exception exception);
}
