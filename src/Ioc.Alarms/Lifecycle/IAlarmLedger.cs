using NodaTime;

namespace Ioc.Alarms.Lifecycle;

/// <summary>What the ledger knows at start.</summary>
/// <param name="Open">All alarms whose state is not <see cref="AlarmState.Normal"/>.</param>
/// <param name="NextOffset">First journal offset not evaluated yet; 0 for a new ledger.</param>
/// <param name="LastId">The highest id ever given; 0 for a new ledger.</param>
public sealed record AlarmSnapshot(IReadOnlyList<Alarm> Open, long NextOffset, long LastId);

/// <summary>Which alarms of the history to read, newest id first.</summary>
/// <param name="State">Only those that now stand there; null for all.</param>
/// <param name="Device">Only those of the device with this API id; null for all.</param>
/// <param name="From">Raised at or after; null for no bound.</param>
/// <param name="To">Raised before; null for no bound.</param>
/// <param name="BeforeId">Only ids below; null to begin with the newest.</param>
/// <param name="Limit">At most so many.</param>
public sealed record AlarmQuery(AlarmState? State, string? Device, Instant? From, Instant? To, long? BeforeId, int Limit);

/// <summary>Keeps alarms over a restart. Implemented by the storage room.</summary>
public interface IAlarmLedger
{
    /// <summary>Reads what is open and how far the readings were evaluated.</summary>
    Task<AlarmSnapshot> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Writes alarms (new ones and new versions, by id) and the cursor in one transaction.</summary>
    /// <param name="changes">At most one record per id; may be empty when only the cursor moves.</param>
    /// <param name="nextOffset">First journal offset not evaluated yet.</param>
    /// <param name="cancellationToken">Gives up before the transaction; never leaves half of it.</param>
    Task SaveAsync(IReadOnlyList<Alarm> changes, long nextOffset, CancellationToken cancellationToken);

    /// <summary>Finds an alarm, open or closed.</summary>
    Task<Alarm?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Reads a page, newest id first.</summary>
    Task<IReadOnlyList<Alarm>> QueryAsync(AlarmQuery query, CancellationToken cancellationToken);
}
