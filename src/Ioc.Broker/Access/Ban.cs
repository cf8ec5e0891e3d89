using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>Somebody who is not let in.</summary>
/// <param name="Kind">What <paramref name="Value"/> is.</param>
/// <param name="Value">A client id, a user name, or an address or CIDR range.</param>
/// <param name="Until">When it ends; null: never.</param>
/// <param name="Reason">Why, in somebody's words.</param>
public sealed record Ban(BanKind Kind, string Value, Instant? Until = null, string? Reason = null)
{
    /// <summary>Why this cannot be meant; null when it can.</summary>
    public string? Fault()
    {
        if (Value.Length is 0 or > 1_000)
            return "A ban names somebody in 1 to 1000 characters.";
        return Kind == BanKind.Address && !BanList.TryParseRange(Value, out _) ? $"'{Value}' is neither an IP address nor a CIDR range." : null;
    }
}

/// <summary>What a ban is about.</summary>
public enum BanKind
{
    /// <summary>An IP address or a CIDR range.</summary>
    Address,

    /// <summary>A client id.</summary>
    Client,

    /// <summary>A user name.</summary>
    User,
}
