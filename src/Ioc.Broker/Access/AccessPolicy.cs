using System.Buffers;
using System.Text;
using Ioc.Mqtt.Packets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>Decides who may connect, what they may do, and whether they may stay. Thread-safe.</summary>
internal sealed class AccessPolicy : IDisposable
{
    private readonly BrokerOptions _broker;
    private readonly AccessOptions _options;
    private readonly LimitOptions _limits;
    private readonly BanList _bans;
    private readonly RateLimits _rates;
    private readonly DeviceRates _devices;
    private readonly ConnectRates _connects;
    private readonly PasswordVerifier _passwords = new();
    private readonly CredentialRights _defaultRights;
    private readonly Dictionary<string, ConfiguredUser> _configured;
    private volatile CredentialModel _credentials = CredentialModel.Empty;
    private int _edition;

    public AccessPolicy(IOptions<BrokerOptions> broker, IOptions<AccessOptions> access, IOptions<LimitOptions> limits, BanList bans, TimeProvider time, ILogger<AccessPolicy> log)
    {
        _broker = broker.Value;
        _options = access.Value;
        _limits = limits.Value;
        _bans = bans;
        _rates = new RateLimits(_limits, time);
        _devices = new DeviceRates(_rates);
        _connects = new ConnectRates(_limits, time);
        _defaultRights = new CredentialRights([.. _options.Rights.Publish], [.. _options.Rights.Subscribe]);
        _configured = _broker.Users.ToDictionary(user => user.Key, user => ConfiguredUser.Of(user.Key, user.Value), StringComparer.Ordinal);
        int plain = _configured.Values.Count(user => user.Hash is null);
        if (plain > 0)
            AccessLog.PlainPasswords(log, plain);
    }

    /// <summary>Grows whenever somebody who is connected may have lost the right to be.</summary>
    public int Edition => Volatile.Read(ref _edition) + _bans.Edition;

    /// <summary>Whether there is nobody yet who could connect.</summary>
    public bool LetsNobodyIn =>
        !_broker.IsAnonymousAllowed && _configured.Count == 0 && _credentials.IsEmpty && _defaultRights is { Publish.Count: 0, Subscribe.Count: 0 };

    /// <summary>What becomes of a publish that is not allowed and whose sender cannot be told.</summary>
    public DeniedPublish DeniedPublish => _options.DeniedPublish;

    /// <summary>Longest and deepest topic or filter; ask before the rights.</summary>
    public LimitOptions Limits => _limits;

    /// <summary>Puts these credentials in place of those before.</summary>
    public void Replace(IEnumerable<Credential> credentials)
    {
        _credentials = new CredentialModel(credentials);
        Interlocked.Increment(ref _edition);
    }

    /// <summary>Decides about a CONNECT. Completes at once but for a password that was not seen before.</summary>
    /// <param name="connect">Not looked at after the call has returned.</param>
    /// <param name="clientId">The client id, the assigned one where it brought none.</param>
    /// <param name="origin">Where it comes from; not kept.</param>
    /// <param name="cancellation">The connection has gone.</param>
    public ValueTask<AccessDecision> JudgeAsync(in ConnectPacket connect, string clientId, in ConnectOrigin origin, CancellationToken cancellation)
    {
        bool certified = origin.ClientCertificate is not null && _options.CertificateUser != CertificateUser.Ignore;
        string? said = connect.HasUserName ? Encoding.UTF8.GetString(connect.UserName) : null;
        string? user = certified ? CertificateName.Of(origin.ClientCertificate!, _options.CertificateUser) : said;
        var knock = new Knock(new RefusedClient(clientId, user, origin.Address), origin.IsLoopback);

        if (_bans.Holds(origin.Address, clientId, user))
            return Now(knock, ReasonCode.Banned);
        if ((!knock.IsLoopback || _limits.OnLoopback) && !_connects.TryEnter(origin.Address, clientId))
            return Now(knock, ReasonCode.ConnectionRateExceeded);
        if (certified)
            return ByCertificate(knock, origin);
        if (user is null)
            return _broker.IsAnonymousAllowed ? Enter(knock, null, ClientRights.Unrestricted) : Now(knock, ReasonCode.NotAuthorized);

        // Where nobody is listed, a name proves nothing and is taken as a label.
        if (_configured.Count == 0 && _credentials.IsEmpty)
            return _broker.IsAnonymousAllowed ? Enter(knock, null, ClientRights.Unrestricted) : Now(knock, ReasonCode.BadUserNameOrPassword);

        if (!connect.HasPassword || connect.Password.Length > PasswordHash.MaxPasswordBytes)
            return Now(knock, ReasonCode.BadUserNameOrPassword);

        byte[] password = connect.Password.ToArray();
        if (_configured.TryGetValue(user, out ConfiguredUser? configured) && configured.Hash is null)
            return _passwords.AreSame(password, configured.Plain) ? Enter(knock, configured.Credential) : Now(knock, ReasonCode.BadUserNameOrPassword);

        // A name that is not listed is refused at once: its answer comes sooner than that of a wrong password. Names are no secret here, they stand on the devices.
        CredentialModel.Entry entry = configured is not null ? new(configured.Credential, configured.Hash) : default;
        if (configured is null && (!_credentials.TryFind(user, out entry) || !entry.Credential.Enabled))
            return Now(knock, ReasonCode.BadUserNameOrPassword);
        if (entry.Hash is not { } hash)
            return Now(knock, ReasonCode.BadUserNameOrPassword);

        return _passwords.Recall(user, hash, password) switch
        {
            PasswordVerdict.Right => Enter(knock, entry.Credential),
            PasswordVerdict.Wrong => Now(knock, ReasonCode.BadUserNameOrPassword),
            _ => new ValueTask<AccessDecision>(VerifyAsync(knock, entry.Credential, hash, password, cancellation)),
        };
    }

    /// <summary>Why an open connection must end, after a change of credentials or bans; Success when it may stay.</summary>
    /// <remarks>One comparison when nothing has changed. Called by one sweeper for all connections.</remarks>
    public ReasonCode JudgeAgain(ClientAccess access)
    {
        int edition = Edition;
        if (access.SeenEdition == edition)
            return ReasonCode.Success;

        access.SeenEdition = edition;
        if (_bans.Holds(access.Address, access.Who.ClientId, access.Who.UserName))
            return ReasonCode.AdministrativeAction;

        return access.Credential is not { } credential || StillHolds(credential) ? ReasonCode.Success : ReasonCode.NotAuthorized;
    }

    public void Dispose() => _passwords.Dispose();

    private bool StillHolds(Credential credential)
    {
        if (_configured.TryGetValue(credential.UserName, out ConfiguredUser? configured) && ReferenceEquals(configured.Credential, credential))
            return true;

        // One that came by certificate alone has no entry, until it gets one.
        return _credentials.TryFind(credential.UserName, out CredentialModel.Entry entry)
            ? entry.Credential.Enabled && entry.Credential.ChangedAt == credential.ChangedAt
            : credential.CreatedAt == default;
    }

    private ValueTask<AccessDecision> ByCertificate(in Knock knock, in ConnectOrigin origin)
    {
        if (knock.Who.UserName is not { } user)
            return Now(knock, ReasonCode.NotAuthorized);

        if (!_credentials.TryFind(user, out CredentialModel.Entry entry))
        {
            // Where nothing is written down and anonymous clients have all rights, a name takes none away.
            if (_broker.IsAnonymousAllowed && _configured.Count == 0 && _credentials.IsEmpty && _options.Rights is { Publish.Count: 0, Subscribe.Count: 0 })
                return Enter(knock, null, ClientRights.Unrestricted);

            // Who may sign certificates decides who comes in; what they may do must still be written down somewhere.
            return Enter(knock, new Credential(user, null, null, null, null, Enabled: true, default, default));
        }

        bool fits = entry.Credential.Enabled && (entry.Credential.Certificate is not { } wanted || CertificateName.Matches(origin.ClientCertificate!, wanted));
        return fits ? Enter(knock, entry.Credential) : Now(knock, ReasonCode.NotAuthorized);
    }

    private async Task<AccessDecision> VerifyAsync(Knock knock, Credential credential, PasswordHash hash, byte[] password, CancellationToken cancellation) =>
        await _passwords.VerifyAsync(knock.Who.UserName!, hash, password, cancellation) switch
        {
            PasswordVerdict.Right => Admit(knock, credential, RightsOf(knock, credential)),
            PasswordVerdict.Wrong => Refuse(knock, ReasonCode.BadUserNameOrPassword),
            _ => Refuse(knock, ReasonCode.ServerBusy),
        };

    private ValueTask<AccessDecision> Enter(in Knock knock, Credential credential) => Enter(knock, credential, RightsOf(knock, credential));

    private ValueTask<AccessDecision> Enter(in Knock knock, Credential? credential, ClientRights rights) => ValueTask.FromResult(Admit(knock, credential, rights));

    private ValueTask<AccessDecision> Now(in Knock knock, ReasonCode reason) => ValueTask.FromResult(Refuse(knock, reason));

    private ClientRights RightsOf(in Knock knock, Credential credential) =>
        ClientRights.For(credential.Rights ?? _defaultRights, credential.UserName, knock.Who.ClientId, credential.Device);

    private AccessDecision Admit(in Knock knock, Credential? credential, ClientRights rights)
    {
        if (rights.IsEmpty)
            return Refuse(knock, ReasonCode.NotAuthorized); // one that may do nothing is told so at once

        return new AccessDecision(ReasonCode.Success, knock.Who, new ClientAccess
        {
            Who = knock.Who,
            UserName = knock.Who.UserName is { } user ? Encoding.UTF8.GetBytes(user) : [],
            Credential = credential,
            Rights = rights,
            Gate = GateOf(knock),
            ReceiveMaximum = credential?.ReceiveMaximum ?? _broker.ReceiveMaximum,
            MaxSubscriptions = credential?.MaxSubscriptions ?? _broker.MaxSubscriptionsPerSession,
            SeenEdition = Edition,
        });
    }

    private RateGate GateOf(in Knock knock)
    {
        if (_rates.LimitsNothing || (knock.IsLoopback && !_limits.OnLoopback))
            return RateGate.Open;

        return new RateGate(_rates, _rates.LimitsDevices ? _devices.Enter(knock.Who.UserName ?? knock.Who.ClientId!) : null);
    }

    private AccessDecision Refuse(in Knock knock, ReasonCode reason)
    {
        if (reason is ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized)
            _bans.Failed(knock.Who.Address);
        return new AccessDecision(reason, knock.Who, null);
    }

    /// <summary>Who is at the door.</summary>
    private readonly record struct Knock(RefusedClient Who, bool IsLoopback);

    /// <summary>A user of <see cref="BrokerOptions.Users"/>: the operator's own, with all rights.</summary>
    private sealed record ConfiguredUser(Credential Credential, byte[] Plain, PasswordHash? Hash)
    {
        public static ConfiguredUser Of(string user, string password)
        {
            var credential = new Credential(user, null, null, null, CredentialRights.Everything, Enabled: true, default, default);
            return PasswordHash.TryParse(password, out PasswordHash hash)
                ? new ConfiguredUser(credential, [], hash)
                : new ConfiguredUser(credential, Encoding.UTF8.GetBytes(password), null);
        }
    }
}

internal static partial class AccessLog
{
    [LoggerMessage(2311, LogLevel.Warning, "{PlainCount} passwords in Mqtt:Users stand there in plain text; 'ioc credential hash' makes what belongs there")]
    public static partial void PlainPasswords(ILogger log, int plainCount);
}
