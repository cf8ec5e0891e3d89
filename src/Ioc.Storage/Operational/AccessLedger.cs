using Ioc.Devices.Onboarding;
using Ioc.Devices.Registry;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>Credentials of devices and bans. Several processes may use the file at once: the server reads, the command line writes beside it.</summary>
public sealed class AccessLedger
{
    /// <summary>Credentials, and bans, that are kept at most.</summary>
    public const int MaxRows = 1_000_000;

    private readonly OperationalDatabase _database;

    internal AccessLedger(OperationalDatabase database) => _database = database;

    /// <summary>Opens the file beside whoever else has it open; made when missing.</summary>
    /// <param name="dataPath">The folder of <c>operational.db</c>.</param>
    public static AccessLedger Open(string dataPath) => new(new OperationalDatabase(Path.Combine(dataPath, "operational.db")));

    /// <summary>Grows with every change.</summary>
    public async Task<long> RevisionAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        return await context.AccessRevisions.Select(row => row.Number).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Everything, at that revision or a later one: whoever asks again for what came after it misses nothing.</summary>
    public async Task<(long Revision, IReadOnlyList<CredentialRow> Credentials, IReadOnlyList<BanRow> Bans)> LoadAsync(CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        long revision = await context.AccessRevisions.Select(row => row.Number).FirstOrDefaultAsync(cancellationToken);
        List<CredentialRow> credentials = await context.Credentials.OrderBy(row => row.UserName).ToListAsync(cancellationToken);
        return (revision, credentials, await context.Bans.OrderBy(row => row.Kind).ThenBy(row => row.Value).ToListAsync(cancellationToken));
    }

    /// <summary>A page of credentials in the order of their names.</summary>
    /// <param name="after">The last name of the page before; null for the first.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<CredentialRow>> CredentialsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        IQueryable<CredentialRow> rows = after is null
            ? context.Credentials
            : context.Credentials.FromSql($"""SELECT * FROM "Credentials" WHERE "UserName" > {after}""");
        return await rows.OrderBy(row => row.UserName).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>The credentials that speak for a device key, revoked ones included, by name.</summary>
    public async Task<IReadOnlyList<CredentialRow>> OfDeviceAsync(string key, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        return await context.Credentials.Where(row => row.Device == key).OrderBy(row => row.UserName).ToListAsync(cancellationToken);
    }

    /// <summary>Adds a credential, in place of a revoked one of the same name; false when one in force has the name, or there are too many.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> AddAsync(CredentialRow credential, Actor actor, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        CredentialRow? known = await context.Credentials.FirstOrDefaultAsync(row => row.UserName == credential.UserName, cancellationToken);
        if (known is { Enabled: true } || (known is null && await context.Credentials.CountAsync(cancellationToken) >= MaxRows))
            return false;

        context.Entry(credential).State = known is null ? EntityState.Added : EntityState.Modified;
        context.Add(AuditRow.Of("credential.issue", DeviceOf(credential), credential.UserName, Rights(credential), actor, credential.ChangedAt));
        await SaveAsync(context, transaction, cancellationToken);
        return true;
    }

    /// <summary>Takes a credential out of force; false when there is none in force.</summary>
    public async Task<bool> RevokeAsync(string userName, Actor actor, Instant now, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        CredentialRow? known = await context.Credentials.AsTracking().FirstOrDefaultAsync(row => row.UserName == userName && row.Enabled, cancellationToken);
        if (known is null)
            return false;

        known.Enabled = false;
        known.ChangedAt = now;
        context.Add(AuditRow.Of("credential.revoke", DeviceOf(known), userName, null, actor, now));
        await SaveAsync(context, transaction, cancellationToken);
        return true;
    }

    /// <summary>Imposes a ban, in place of one of the same; bans that have run out go. False when there are too many.</summary>
    public async Task<bool> BanAsync(BanRow ban, Actor actor, Instant now, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Bans.Where(row => row.Until != null && row.Until <= now).ExecuteDeleteAsync(cancellationToken);
        await context.Bans.Where(row => row.Kind == ban.Kind && row.Value == ban.Value).ExecuteDeleteAsync(cancellationToken);
        if (await context.Bans.CountAsync(cancellationToken) >= MaxRows)
            return false;

        context.Bans.Add(ban);
        var terms = new Dictionary<string, string?> { ["until"] = ban.Until?.ToString(), ["reason"] = ban.Reason };
        context.Add(AuditRow.Of("ban.impose", null, $"{ban.Kind} {ban.Value}", terms, actor, now));
        await SaveAsync(context, transaction, cancellationToken);
        return true;
    }

    /// <summary>Lifts a ban; false when there is none.</summary>
    public async Task<bool> LiftAsync(string kind, string value, Actor actor, Instant now, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await _database.ContextAsync(cancellationToken);
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        BanRow? known = await context.Bans.FirstOrDefaultAsync(row => row.Kind == kind && row.Value == value, cancellationToken);
        if (known is null)
            return false;

        context.Bans.Remove(known);
        context.Add(AuditRow.Of("ban.lift", null, $"{kind} {value}", null, actor, now));
        await SaveAsync(context, transaction, cancellationToken);
        return true;
    }

    private static Dictionary<string, string?> Rights(CredentialRow row) => new()
    {
        ["device"] = row.Device,
        ["publish"] = row.Publish,
        ["subscribe"] = row.Subscribe,
        ["full"] = row.Full ? "true" : null,
        ["opens"] = string.Join('+', new[] { row.Password is null ? null : "password", row.Certificate is null ? null : "certificate" }.OfType<string>()),
    };

    // A credential names a key of the default source.
    private static string? DeviceOf(CredentialRow row) => row.Device is { Length: > 0 } key ? ApiIds.Of(Device.DefaultSource, key) : null;

    // The transaction held the write lock from its beginning, so that two writers never give two changes the same number.
    private static async Task SaveAsync(OperationalContext context, IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        AccessRevision? revision = await context.AccessRevisions.AsTracking().FirstOrDefaultAsync(cancellationToken);
        if (revision is null)
            context.AccessRevisions.Add(revision = new AccessRevision());
        revision.Number++;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
