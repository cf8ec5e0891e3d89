using Ioc.Devices.Readings;

namespace Ioc.Storage;

/// <summary>What became of the messages below a cursor, in messages; each is counted once, in the transaction that moved the cursor past it.</summary>
/// <param name="NextOffset">The cursor: first journal offset not counted yet.</param>
/// <param name="Stored">At least one new reading, or said whether its device is there.</param>
/// <param name="Ignored">Carried no telemetry.</param>
/// <param name="Duplicate">Every reading was stored before.</param>
/// <param name="Quarantined">Set aside, by reason; reasons without messages are absent.</param>
public sealed record BalanceCounts(
    long NextOffset,
    long Stored,
    long Ignored,
    long Duplicate,
    IReadOnlyDictionary<QuarantineReason, long> Quarantined)
{
    /// <summary>Nothing counted yet.</summary>
    public static readonly BalanceCounts Empty = new(0, 0, 0, 0, new Dictionary<QuarantineReason, long>());

    /// <summary>All messages counted, whatever became of them.</summary>
    public long Total => Stored + Ignored + Duplicate + Quarantined.Values.Sum();
}
