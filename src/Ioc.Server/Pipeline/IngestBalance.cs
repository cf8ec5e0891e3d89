using Ioc.Broker;
using Ioc.Journal;
using Ioc.Storage;

namespace Ioc.Server.Pipeline;

/// <summary>Where every message is, in messages.</summary>
/// <param name="Received">Publishes in the journal, ever.</param>
/// <param name="Stored">Messages with at least one stored reading, or a stored availability.</param>
/// <param name="Ignored">Messages that a profile says carry no telemetry.</param>
/// <param name="Quarantined">Messages set aside, by reason.</param>
/// <param name="Duplicate">Messages all of whose readings were stored before.</param>
/// <param name="InFlight">Durable in the journal, not yet taken by the store.</param>
/// <param name="Refused">Refused before the journal, by reason; outside the sum.</param>
/// <param name="Difference">Received less all the others. Anything but zero is a defect of this product.</param>
public sealed record IngestBalance(
    long Received,
    long Stored,
    long Ignored,
    IReadOnlyDictionary<string, long> Quarantined,
    long Duplicate,
    long InFlight,
    IReadOnlyDictionary<string, long> Refused,
    long Difference);

/// <summary>Draws up the balance. Neither <c>received</c> nor <c>inFlight</c> is computed from the other figures, so the difference can fail.</summary>
internal sealed class BalanceSheet(RecordJournal journal, IReadingStore store, BrokerCounters broker)
{
    public IngestBalance Draw()
    {
        // The store's figures first: what it has counted is in the journal already, so in-flight is never negative.
        BalanceCounts counted = store.Balance;
        (long tail, long received) = journal.DurablePublishes;

        // Session events lie between the publishes and are nobody's messages. Where the journal cannot count, every record passes for one.
        long inFlight = journal.TryCountPublishesBefore(counted.NextOffset, out long seen) ? received - seen : tail - counted.NextOffset;
        long quarantined = counted.Quarantined.Values.Sum();
        return new IngestBalance(
            received,
            counted.Stored,
            counted.Ignored,
            counted.Quarantined.ToDictionary(entry => Words.Of(entry.Key), entry => entry.Value),
            counted.Duplicate,
            inFlight,
            broker.RefusedByReason,
            received - counted.Stored - counted.Ignored - quarantined - counted.Duplicate - inFlight);
    }
}
