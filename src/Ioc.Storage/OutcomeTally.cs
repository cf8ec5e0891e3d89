using Ioc.Devices.Readings;

namespace Ioc.Storage;

/// <summary>Adds a group's messages to the counts before it. Each message is counted once.</summary>
internal sealed class OutcomeTally(BalanceCounts before)
{
    // Those of before, until one more is set aside.
    private Dictionary<QuarantineReason, long>? _quarantined;
    private long _stored = before.Stored;
    private long _ignored = before.Ignored;
    private long _duplicate = before.Duplicate;

    /// <summary>Counts a message.</summary>
    /// <param name="message">What the decoder made of it.</param>
    /// <param name="keptCount">How many of its readings are new.</param>
    public void Add(in PendingMessage message, int keptCount)
    {
        switch (OutcomeOf(message, keptCount))
        {
            case MessageOutcome.Quarantined:
                _quarantined ??= new Dictionary<QuarantineReason, long>(before.Quarantined);
                _quarantined[message.Reason] = _quarantined.GetValueOrDefault(message.Reason) + 1;
                break;
            case MessageOutcome.Stored:
                _stored++;
                break;
            case MessageOutcome.Duplicate:
                _duplicate++;
                break;
            default:
                _ignored++;
                break;
        }
    }

    /// <summary>What a message counts as, once it is known how many of its readings are new.</summary>
    public static MessageOutcome OutcomeOf(in PendingMessage message, int keptCount) => message.Outcome switch
    {
        MessageOutcome.Stored when keptCount > 0 || message.IsStoredWithout => MessageOutcome.Stored,
        MessageOutcome.Stored when message.ReadingCount > 0 => MessageOutcome.Duplicate,
        MessageOutcome.Stored => MessageOutcome.Ignored,
        MessageOutcome other => other,
    };

    /// <summary>The counts after the group. What was set aside is the same object as before when the group added nothing to it.</summary>
    public BalanceCounts Counts(long nextOffset) => new(nextOffset, _stored, _ignored, _duplicate, _quarantined ?? before.Quarantined);
}
