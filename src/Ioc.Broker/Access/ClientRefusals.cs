using NodaTime;

namespace Ioc.Broker.Access;

/// <summary>What one client was refused since the server's start.</summary>
/// <param name="ClientId">Its client id; null when it never said one that could be read.</param>
/// <param name="UserName">The user name it came with the last time.</param>
/// <param name="Address">Where it came from the last time.</param>
/// <param name="Reason">Why, the last time; camelCase.</param>
/// <param name="At">When, the last time.</param>
/// <param name="Counts">How often, by reason.</param>
/// <param name="Sequence">Falls along the list; the next page begins below the last one.</param>
public sealed record ClientRefusals(
    string? ClientId,
    string? UserName,
    string? Address,
    string Reason,
    Instant At,
    IReadOnlyDictionary<string, long> Counts,
    long Sequence);
