using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>How one device proves itself, as it is kept. What the columns mean is the broker's to say.</summary>
public sealed class CredentialRow
{
    /// <summary>Its name.</summary>
    public required string UserName { get; init; }

    /// <summary>The password's hash, salt and cost in one text; null when a certificate alone opens.</summary>
    public string? Password { get; set; }

    /// <summary>The device it speaks for.</summary>
    public string? Device { get; set; }

    /// <summary>Thumbprint or subject of its certificate.</summary>
    public string? Certificate { get; set; }

    /// <summary>Patterns it may publish to, one per line; null with <see cref="Subscribe"/>: the default rights.</summary>
    public string? Publish { get; set; }

    /// <summary>Patterns it may subscribe within, one per line.</summary>
    public string? Subscribe { get; set; }

    /// <summary>It may do everything.</summary>
    public bool Full { get; set; }

    /// <summary>Unacknowledged messages it may have; null: the general limit.</summary>
    public int? ReceiveMaximum { get; set; }

    /// <summary>Filters one session may hold; null: the general limit.</summary>
    public int? MaxSubscriptions { get; set; }

    /// <summary>False once revoked.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public Instant ChangedAt { get; set; }
}

/// <summary>Somebody who is shut out, as it is kept.</summary>
public sealed class BanRow
{
    /// <summary>What <see cref="Value"/> is, in the broker's word.</summary>
    public required string Kind { get; init; }

    /// <summary>Who.</summary>
    public required string Value { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public Instant? Until { get; set; }

    /// <summary>Why, in somebody's words.</summary>
    public string? Reason { get; set; }

    /// <summary>When it was imposed.</summary>
    public Instant CreatedAt { get; set; }
}

/// <summary>Grows with every change of the two tables above, in the same transaction. One row.</summary>
internal sealed class AccessRevision
{
    public int Id { get; init; } = 1;

    public long Number { get; set; }
}
