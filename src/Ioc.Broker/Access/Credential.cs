using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>How one device, or one service, proves itself and what it may then do.</summary>
/// <param name="UserName">Its name, unique; compared byte by byte.</param>
/// <param name="Password">The password's hash as <see cref="PasswordHash"/> writes it; null: only a certificate opens.</param>
/// <param name="Device">What <c>{device}</c> in a pattern stands for; null leaves such patterns out.</param>
/// <param name="Certificate">The SHA-256 thumbprint in hexadecimal, or the whole subject, that a presented certificate must have; null: any that the transport accepts.</param>
/// <param name="Rights">What it may do; null: what <c>Mqtt:Rights</c> says.</param>
/// <param name="Enabled">False once it was revoked.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ChangedAt">When it was last changed; another value means that open connections are judged again.</param>
public sealed record Credential(
    string UserName,
    string? Password,
    string? Device,
    string? Certificate,
    CredentialRights? Rights,
    bool Enabled,
    Instant CreatedAt,
    Instant ChangedAt)
{
    /// <summary>QoS 1 and 2 messages this client may have unacknowledged; null: <see cref="BrokerOptions.ReceiveMaximum"/>.</summary>
    public int? ReceiveMaximum { get; init; }

    /// <summary>Filters one session of this client may hold; null: <see cref="BrokerOptions.MaxSubscriptionsPerSession"/>.</summary>
    public int? MaxSubscriptions { get; init; }
}

/// <summary>What a credential may do. Everything not listed is denied.</summary>
/// <param name="Publish">Patterns of topics; filters in which <c>{user}</c>, <c>{client}</c> and <c>{device}</c> stand for the connection's own.</param>
/// <param name="Subscribe">Patterns that its filters must lie within.</param>
/// <param name="Full">May do everything; the lists are not looked at.</param>
public sealed record CredentialRights(IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe, bool Full = false)
{
    /// <summary>Everything.</summary>
    public static CredentialRights Everything { get; } = new([], [], Full: true);
}
