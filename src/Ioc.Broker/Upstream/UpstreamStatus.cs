using NodaTime;

namespace Ioc.Broker.Upstream;

/// <summary>Where the connection to another broker stands.</summary>
public enum UpstreamPhase
{
    /// <summary>Not yet, or again, on the way.</summary>
    Connecting,

    /// <summary>Messages are taken.</summary>
    Connected,

    /// <summary>Connected, but the journal takes nothing; the other broker keeps what comes.</summary>
    Paused,

    /// <summary>Lost; the next attempt comes after a pause.</summary>
    Waiting,

    /// <summary>Ended with the server.</summary>
    Stopped,
}

/// <summary>One filter and what became of it.</summary>
/// <param name="Filter">As configured.</param>
/// <param name="GrantedQos">Null before the answer, and when refused.</param>
/// <param name="Refusal">The other broker's reason; null when granted.</param>
public sealed record UpstreamSubscription(string Filter, int? GrantedQos, string? Refusal);

/// <summary>A moment of one upstream.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="ConnectedSince">Null while not connected.</param>
/// <param name="SessionPresent">The other broker had kept our session at the last connection, with what came meanwhile.</param>
/// <param name="Connections">How often it was let in since start.</param>
/// <param name="LastError">Why the last connection or attempt ended, or why it is paused; kept for reading after it is over.</param>
/// <param name="Received">Messages taken into the journal since start; one that comes again counts again.</param>
/// <param name="Acknowledged">PUBACK, PUBREC and PUBCOMP sent since start.</param>
/// <param name="LastMessageAt">When the last message was taken.</param>
public sealed record UpstreamStatus(
    string Name,
    string Host,
    int Port,
    UpstreamPhase Phase,
    Instant? ConnectedSince,
    bool SessionPresent,
    long Connections,
    string? LastError,
    Instant? LastErrorAt,
    long Received,
    long Acknowledged,
    Instant? LastMessageAt,
    IReadOnlyList<UpstreamSubscription> Subscriptions);
