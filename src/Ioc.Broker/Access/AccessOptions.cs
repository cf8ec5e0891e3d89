using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>How devices prove themselves and what becomes of what they may not do. Configuration section <c>Mqtt</c>, beside <see cref="BrokerOptions"/>.</summary>
public sealed class AccessOptions
{
    /// <summary>Which field of a verified client certificate is the user name. A certificate outranks the user name of CONNECT.</summary>
    public CertificateUser CertificateUser { get; set; } = CertificateUser.CommonName;

    /// <summary>What becomes of a publish that is not allowed when its sender speaks 3.1.1, or sent it with QoS 0, and so cannot be told.</summary>
    /// <remarks>[MQTT-3.3.5-2] leaves the choice: acknowledge and drop, or close. Either way it is counted and does not reach the journal.</remarks>
    public DeniedPublish DeniedPublish { get; set; } = DeniedPublish.Acknowledge;

    /// <summary>Rights of those whose credential names none of its own, and of certificates without a credential. Empty: none, they are not let in.</summary>
    public RightsOptions Rights { get; } = new();
}

/// <summary>Patterns of topics; <c>{user}</c>, <c>{client}</c> and <c>{device}</c> stand for the connection's own.</summary>
public sealed class RightsOptions
{
    /// <summary>Where it may publish.</summary>
    public IList<string> Publish { get; } = [];

    /// <summary>What its filters must lie within.</summary>
    public IList<string> Subscribe { get; } = [];
}

/// <summary>Which field of a certificate is the user name.</summary>
public enum CertificateUser
{
    /// <summary>The subject's common name.</summary>
    CommonName,

    /// <summary>The first DNS name of the subject's alternative names.</summary>
    DnsName,

    /// <summary>The whole subject, as the platform writes it: <c>CN=meter-7, O=…</c>.</summary>
    Subject,

    /// <summary>None: certificates prove nothing here.</summary>
    Ignore,
}

/// <summary>What becomes of a publish that is not allowed and whose sender cannot be told.</summary>
public enum DeniedPublish
{
    /// <summary>It is acknowledged as if it had been taken, and dropped.</summary>
    Acknowledge,

    /// <summary>The connection is closed.</summary>
    Close,
}

/// <summary>Refuses patterns that are none, and passwords that look hashed and are not.</summary>
internal sealed class AccessOptionsValidator(IOptions<BrokerOptions> broker) : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        foreach (string pattern in options.Rights.Publish.Concat(options.Rights.Subscribe))
        {
            if (RightsPattern.Fault(pattern) is { } fault)
                return ValidateOptionsResult.Fail($"Mqtt:Rights: {fault}");
        }

        foreach ((string user, string password) in broker.Value.Users)
        {
            if (PasswordHash.LooksHashed(password) && !PasswordHash.TryParse(password, out _))
                return ValidateOptionsResult.Fail($"Mqtt:Users:{user} begins like a password hash but is none; make one with 'ioc credential hash'.");
        }

        return ValidateOptionsResult.Success;
    }
}
