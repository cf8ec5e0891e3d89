using System.Net;

namespace Ioc.Broker.Access;

/// <summary>What one connection proved, what it may do and how much. Lives with the connection.</summary>
/// <remarks>Immutable but for <see cref="Gate"/> and <see cref="SeenEdition"/>, each with an owner of its own.</remarks>
internal sealed class ClientAccess : IDisposable
{
    /// <summary>Whom to count refusals for.</summary>
    public required RefusedClient Who { get; init; }

    /// <summary>The user name proved, or where nobody is listed merely said; empty when anonymous.</summary>
    public required byte[] UserName { get; init; }

    /// <summary>The credential that opened; null for anonymous clients.</summary>
    public Credential? Credential { get; init; }

    public required ClientRights Rights { get; init; }

    /// <summary>How fast it may publish. Touched only by the connection's read loop.</summary>
    public required RateGate Gate { get; init; }

    /// <summary>QoS 1 and 2 messages it may have unacknowledged; tell it to a 5.0 client.</summary>
    public required int ReceiveMaximum { get; init; }

    /// <summary>Filters its session may hold.</summary>
    public required int MaxSubscriptions { get; init; }

    public IPAddress? Address => Who.Address;

    /// <summary>Which state of credentials and bans it was last judged by. Touched only by the sweeper.</summary>
    public int SeenEdition { get; set; }

    /// <summary>Whether this client may take over a session that another connection has left or still holds: nobody may take a proven user's session but that user, or one with full rights.</summary>
    /// <param name="owner">User name of the session; empty when its owner was anonymous.</param>
    public bool MayTakeOver(ReadOnlySpan<byte> owner) =>
        owner.IsEmpty || owner.SequenceEqual(UserName) || (Credential is not null && Rights.IsUnrestricted);

    public void Dispose() => Gate.Dispose();
}
