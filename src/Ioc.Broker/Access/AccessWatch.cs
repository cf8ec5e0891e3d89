using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ioc.Broker.Access;

/// <summary>Brings credentials and bans from where they are kept into the policy: before the first device connects, and whenever they have changed.</summary>
/// <remarks>Asked for again every <see cref="Period"/>, so that the command line can change them beside a running server.</remarks>
public sealed class AccessWatch : BackgroundService
{
    /// <summary>How late a change may be noticed that another process has made.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly AccessPolicy _policy;
    private readonly BanList _bans;
    private readonly TimeProvider _time;
    private readonly ILogger<AccessWatch> _log;
    private readonly IAccessStore? _store;
    private readonly SemaphoreSlim _reading = new(1);
    private long _revision = -1;

    // A broker that stands alone has its users from configuration only: then there is no store.
    internal AccessWatch(AccessPolicy policy, BanList bans, IAccessStore? store, TimeProvider time, ILogger<AccessWatch> log)
    {
        _policy = policy;
        _bans = bans;
        _store = store;
        _time = time;
        _log = log;
    }

    /// <summary>Bans that hold now: configured, imposed and automatic ones.</summary>
    public IReadOnlyList<Ban> Bans => _bans.Read();

    /// <summary>Ends the automatic ban of an address; false when there is none.</summary>
    public bool Lift(IPAddress address) => _bans.Lift(address);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        if (_policy.LetsNobodyIn)
            AccessWatchLog.NobodyMayConnect(_log);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes over what has changed, now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
            return;

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (await _store.ReadAsync(_revision, cancellationToken) is not { } snapshot)
                return;

            _policy.Replace(snapshot.Credentials);
            _bans.Replace(snapshot.Bans);
            _revision = snapshot.Revision;
            AccessWatchLog.Loaded(_log, snapshot.Credentials.Count(credential => credential.Enabled), snapshot.Bans.Count);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_store is null)
            return;

        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Those in force stay in force; the next turn asks again.
                AccessWatchLog.Failed(_log, e);
            }
        }
    }
}

internal static partial class AccessWatchLog
{
    [LoggerMessage(2321, LogLevel.Information, "{CredentialCount} credentials and {BanCount} bans are in force")]
    public static partial void Loaded(ILogger log, int credentialCount, int banCount);

    [LoggerMessage(2323, LogLevel.Warning, "Nobody can connect yet: there are no credentials, no Mqtt:Users, and anonymous clients are not let in")]
    public static partial void NobodyMayConnect(ILogger log);

    [LoggerMessage(2322, LogLevel.Warning, "Credentials and bans cannot be read; those known stay in force")]
    public static partial void Failed(ILogger log, Exception exception);
}
