using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>Decisions about devices and their audit. Several processes may use the file at once: the server, and the command line beside it.</summary>
public sealed class RegistryLedger : IRegistryLedger, IDisposable
{
    private readonly OperationalDatabase _database;
    private readonly bool _isOwner;

    internal RegistryLedger(OperationalDatabase database, bool isOwner = false)
    {
        _database = database;
        _isOwner = isOwner;
    }

    /// <summary>Opens the file beside whoever else has it open; made when missing.</summary>
    /// <param name="dataPath">The folder of <c>operational.db</c>.</param>
    public static RegistryLedger Open(string dataPath) => new(new OperationalDatabase(Path.Combine(dataPath, "operational.db")), isOwner: true);

    /// <summary>Devices that appeared by themselves, as far as nobody has decided about them.</summary>
    public Task<IReadOnlyList<UnclaimedDevice>> ReadUnclaimedAsync(CancellationToken cancellationToken) => new DeviceLedger(_database).LoadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<(long Revision, IReadOnlyList<Device> Devices)> ReadSinceAsync(long revision, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        long newest = await context.Set<RegistryRevision>().Select(row => row.Number).FirstOrDefaultAsync(cancellationToken);
        if (newest == revision)
            return (revision, []);

        // In the order of their making, which is the order of their handles after a restart.
        List<DeviceRow> rows = await context.Set<DeviceRow>().Where(row => row.Revision > revision)
            .OrderBy(row => row.Revision).ThenBy(row => row.Source).ThenBy(row => row.Key).ToListAsync(cancellationToken);
        return (newest, [.. rows.Select(row => row.ToDevice())]);
    }

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(IReadOnlyList<DeviceChange> changes, Actor actor, Instant now, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        RegistryRevision? revision = await context.Set<RegistryRevision>().AsTracking().FirstOrDefaultAsync(cancellationToken);
        if (revision is null)
            context.Add(revision = new RegistryRevision());
        revision.Number++;

        foreach (DeviceChange change in changes)
        {
            (string source, string key) = (change.After.Source, change.After.Key);
            int? kept = await context.Set<DeviceRow>().Where(row => row.Source == source && row.Key == key).Select(row => (int?)row.Version).FirstOrDefaultAsync(cancellationToken);

            // Without a row a device is as seeds or first contact made it.
            bool isAsExpected = kept is { } version ? change.Before?.Version == version : change.Before is null or { Version: 1 };
            if (!isAsExpected)
                return false;

            context.Entry(DeviceRow.Of(change.After, revision.Number)).State = kept is null ? EntityState.Added : EntityState.Modified;
            context.Add(AuditRow.Of(change, ApiIds.Of(source, key), actor, now));
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwner)
            _database.Dispose();
    }
}
