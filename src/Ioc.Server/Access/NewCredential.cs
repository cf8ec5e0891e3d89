using System.Text;
using Ioc.Broker.Access;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Access;

/// <summary>A credential as somebody asks for it, on the command line or through the API.</summary>
public sealed class NewCredential
{
    // A list that goes on has become a policy of its own; give such a service full rights or split it.
    private const int MaxPatterns = 64;

    /// <summary>Its name.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Its password; null: one is made, unless a certificate opens.</summary>
    public string? Password { get; set; }

    /// <summary>What <c>{device}</c> stands for.</summary>
    public string? Device { get; set; }

    /// <summary>SHA-256 thumbprint or subject of its certificate.</summary>
    public string? Certificate { get; set; }

    /// <summary>Patterns it may publish to.</summary>
    public IList<string> Publish { get; set; } = [];

    /// <summary>Patterns it may subscribe within.</summary>
    public IList<string> Subscribe { get; set; } = [];

    /// <summary>It may do everything.</summary>
    public bool Full { get; set; }

    /// <summary>Unacknowledged messages it may have; null: the general limit.</summary>
    public int? ReceiveMaximum { get; set; }

    /// <summary>Filters one session may hold; null: the general limit.</summary>
    public int? MaxSubscriptions { get; set; }

    /// <summary>What is wrong with it, in words; null when nothing is.</summary>
    internal (string Field, string Words)? Fault()
    {
        if (UserName.Length == 0 || Encoding.UTF8.GetByteCount(UserName) > 1_000 || UserName.Any(char.IsControl))
            return ("userName", "A user name has 1 to 1000 bytes and no control characters.");
        if (Password is { } password && (password.Length == 0 || Encoding.UTF8.GetByteCount(password) > PasswordHash.MaxPasswordBytes))
            return ("password", $"A password has 1 to {PasswordHash.MaxPasswordBytes} bytes.");
        if (Full && Publish.Count + Subscribe.Count > 0)
            return ("full", "Full rights need no patterns, and patterns would not narrow them.");
        if (Publish.Count > MaxPatterns || Subscribe.Count > MaxPatterns)
            return ("publish", $"At most {MaxPatterns} patterns each.");
        if (ReceiveMaximum is < 1 or > 65_535)
            return ("receiveMaximum", "From 1 to 65535.");
        if (MaxSubscriptions is < 0)
            return ("maxSubscriptions", "Not negative.");

        foreach ((string field, string pattern) in Publish.Select(pattern => ("publish", pattern)).Concat(Subscribe.Select(pattern => ("subscribe", pattern))))
        {
            if (RightsPattern.Fault(pattern) is { } words)
                return (field, words);
            if (Device is null && pattern.Contains("{device}", StringComparison.Ordinal))
                return (field, $"'{pattern}' speaks of the device, and none is named.");
        }

        return null;
    }

    /// <summary>What to keep, and the secret when one was made: it is nowhere else.</summary>
    internal (CredentialRow Row, string? Secret) Make(Instant now)
    {
        string? secret = null;
        PasswordHash? hash = null;
        if (Password is { } password)
            hash = PasswordHash.Of(Encoding.UTF8.GetBytes(password));
        else if (Certificate is null)
            (secret, hash) = PasswordHash.Generate();

        return (new CredentialRow
        {
            UserName = UserName,
            Password = hash?.Encoded,
            Device = Device,
            Certificate = Certificate,
            Publish = CredentialText.Joined([.. Publish]),
            Subscribe = CredentialText.Joined([.. Subscribe]),
            Full = Full,
            ReceiveMaximum = ReceiveMaximum,
            MaxSubscriptions = MaxSubscriptions,
            CreatedAt = now,
            ChangedAt = now,
        }, secret);
    }
}
