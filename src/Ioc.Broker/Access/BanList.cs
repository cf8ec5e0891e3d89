using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>Who is not let in: by configuration, by an operator, and for a while by itself after too many failures. Thread-safe.</summary>
internal sealed class BanList
{
    /// <summary>Addresses banned automatically at a time; the one that would end first goes when another comes.</summary>
    public const int MaxAutomatic = 10_000;

    private readonly BanOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<BanList> _log;
    private readonly Ban[] _configured;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Instant> _automatic = [];
    private readonly FailureCounts _failures;
    private volatile BanModel _manual;
    private volatile bool _hasAutomatic;
    private int _edition;

    public BanList(IOptions<BanOptions> options, TimeProvider time, ILogger<BanList> log)
    {
        _options = options.Value;
        _time = time;
        _log = log;
        _failures = new FailureCounts(_options);
        _configured =
        [
            .. _options.Addresses.Select(address => new Ban(BanKind.Address, address)),
            .. _options.Clients.Select(client => new Ban(BanKind.Client, client)),
            .. _options.Users.Select(user => new Ban(BanKind.User, user)),
        ];
        _manual = new BanModel(_configured);
    }

    /// <summary>Grows whenever somebody is banned, so that open connections can be judged again.</summary>
    public int Edition => Volatile.Read(ref _edition);

    /// <summary>Bans that hold now, automatic ones included.</summary>
    public IReadOnlyList<Ban> Read()
    {
        Instant now = Now;
        lock (_gate)
        {
            return
            [
                .. _manual.Bans.Where(ban => ban.Until is not { } until || until > now),
                .. _automatic.Where(ban => ban.Value > now).Select(ban => new Ban(BanKind.Address, ban.Key.ToString(), ban.Value, "failed connects")),
            ];
        }
    }

    /// <summary>Puts the operator's bans beside the configured ones, in place of those before.</summary>
    public void Replace(IEnumerable<Ban> bans)
    {
        _manual = new BanModel([.. _configured, .. bans]);
        Interlocked.Increment(ref _edition);
    }

    /// <summary>Whether somebody is banned.</summary>
    public bool Holds(IPAddress? address, string? clientId, string? userName)
    {
        BanModel manual = _manual;
        if (!manual.IsEmpty && manual.Holds(address, clientId, userName, Now))
            return true;
        if (!_hasAutomatic || address is null)
            return false;

        lock (_gate)
        {
            IPAddress key = AddressKey.Of(address);
            if (!_automatic.TryGetValue(key, out Instant until))
                return false;
            if (until > Now)
                return true;

            _automatic.Remove(key);
            _hasAutomatic = _automatic.Count > 0;
            return false;
        }
    }

    /// <summary>Counts a failed connect; the one too many bans its address for a while.</summary>
    public void Failed(IPAddress? address)
    {
        if (_options.AfterFailures == 0 || address is null || IPAddress.IsLoopback(address))
            return;

        IPAddress key = AddressKey.Of(address);
        lock (_gate)
        {
            Instant now = Now;
            if (!_failures.Add(key, now))
                return;

            if (_automatic.Count >= MaxAutomatic)
                _automatic.Remove(_automatic.MinBy(ban => ban.Value).Key);
            _automatic[key] = now + Duration.FromTimeSpan(_options.Duration);
            _hasAutomatic = true;
        }

        Interlocked.Increment(ref _edition);
        BanListLog.Banned(_log, key, _options.AfterFailures, _options.Duration);
    }

    /// <summary>Ends an automatic ban; false when there is none.</summary>
    public bool Lift(IPAddress address)
    {
        lock (_gate)
        {
            bool lifted = _automatic.Remove(AddressKey.Of(address));
            _hasAutomatic = _automatic.Count > 0;
            return lifted;
        }
    }

    /// <summary>Reads an address, as a range of one, or a CIDR range.</summary>
    public static bool TryParseRange(string text, out IPNetwork range)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            range = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out range);
    }

    private Instant Now => Instant.FromDateTimeOffset(_time.GetUtcNow());
}

internal static partial class BanListLog
{
    [LoggerMessage(2301, LogLevel.Warning, "{Address} is banned for {Duration} after {FailureCount} failed connects")]
    public static partial void Banned(ILogger log, IPAddress address, int failureCount, TimeSpan duration);
}
