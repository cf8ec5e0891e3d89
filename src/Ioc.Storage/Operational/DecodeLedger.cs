using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Ioc.Storage.Operational;

/// <summary>Something that somebody did with kept messages.</summary>
/// <param name="Id">Rises; zero until it is written.</param>
/// <param name="At">When.</param>
/// <param name="By">Who, in their own words until there are accounts.</param>
/// <param name="Action">compare, commit, discard, fail or viewRefused.</param>
/// <param name="Subject">What: the selection of a replay, or an offset.</param>
/// <param name="Counts">What came of it, as a JSON object; null when nothing was counted.</param>
public sealed record DecodeAct(long Id, Instant At, string By, string Action, string Subject, string? Counts);

/// <summary>Which version of a profile decodes from an offset on.</summary>
/// <param name="Name">The profile.</param>
/// <param name="Version">Of its file: the first digits of a SHA-256. Empty from where the profile is no longer there.</param>
/// <param name="SinceOffset">The first offset that the store decoded with it.</param>
/// <param name="SeenAt">When the server first had it.</param>
public sealed record ProfileVersion(string Name, string Version, long SinceOffset, Instant SeenAt);

/// <summary>What was done with kept messages, and with which profiles they were decoded. Tables of its own in the operational file.</summary>
public sealed class DecodeLedger
{
    // The oldest acts make room: a page that is loaded in a loop must not fill the disk.
    private const int MaxActs = 100_000;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS "DecodeActs" (
            "Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "At" INTEGER NOT NULL, "By" TEXT NOT NULL,
            "Action" TEXT NOT NULL, "Subject" TEXT NOT NULL, "Counts" TEXT NULL);
        CREATE TABLE IF NOT EXISTS "ProfileVersions" (
            "Id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "Name" TEXT NOT NULL, "Version" TEXT NOT NULL,
            "SinceOffset" INTEGER NOT NULL, "SeenAt" INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS "ProfileVersionsByName" ON "ProfileVersions" ("Name", "SinceOffset");
        """;

    private readonly OperationalDatabase _database;
    private volatile bool _hasTables;

    internal DecodeLedger(OperationalDatabase database) => _database = database;

    /// <summary>Writes an act down.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> WriteAsync(Instant at, string by, string action, string subject, string? counts, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await OpenAsync(cancellationToken);
        await using SqliteCommand command = Command(
            context, """INSERT INTO "DecodeActs" ("At", "By", "Action", "Subject", "Counts") VALUES ($at, $by, $action, $subject, $counts) RETURNING "Id" """);
        command.Parameters.AddWithValue("$at", at.ToUnixTimeTicks());
        command.Parameters.AddWithValue("$by", by);
        command.Parameters.AddWithValue("$action", action);
        command.Parameters.AddWithValue("$subject", subject);
        command.Parameters.AddWithValue("$counts", (object?)counts ?? DBNull.Value);
        long id = Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        await using SqliteCommand drop = Command(context, """DELETE FROM "DecodeActs" WHERE "Id" <= $last""");
        drop.Parameters.AddWithValue("$last", id - MaxActs);
        await drop.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>Acts, newest first.</summary>
    /// <param name="before">Only ids below; null to begin with the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DecodeAct>> ActsAsync(long? before, int limit, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await OpenAsync(cancellationToken);
        await using SqliteCommand command = Command(
            context, """SELECT "Id", "At", "By", "Action", "Subject", "Counts" FROM "DecodeActs" WHERE "Id" < $before ORDER BY "Id" DESC LIMIT $limit""");
        command.Parameters.AddWithValue("$before", before ?? long.MaxValue);
        command.Parameters.AddWithValue("$limit", limit);
        var acts = new List<DecodeAct>();
        await using SqliteDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            acts.Add(new DecodeAct(
                row.GetInt64(0), Instant.FromUnixTimeTicks(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4),
                await row.IsDBNullAsync(5, cancellationToken) ? null : row.GetString(5)));
        }

        return acts;
    }

    /// <summary>Notes which versions decode from an offset on; those that were in force already are not noted again, those that went are noted as gone.</summary>
    /// <param name="versions">Version by profile: all there are.</param>
    /// <param name="sinceOffset">The first offset that the store decodes with them.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up; nothing is noted then.</param>
    public async Task NoteVersionsAsync(IReadOnlyDictionary<string, string> versions, long sinceOffset, Instant now, CancellationToken cancellationToken)
    {
        Dictionary<string, string> known = (await LatestAsync(cancellationToken)).ToDictionary(row => row.Name, row => row.Version, StringComparer.Ordinal);
        IEnumerable<KeyValuePair<string, string>> gone = known.Where(row => row.Value.Length > 0 && !versions.ContainsKey(row.Key)).Select(row => KeyValuePair.Create(row.Key, ""));
        List<KeyValuePair<string, string>> changes = [.. versions.Where(row => known.GetValueOrDefault(row.Key, "") != row.Value), .. gone];

        await using OperationalContext context = await OpenAsync(cancellationToken);
        await using SqliteTransaction transaction = Connection(context).BeginTransaction();
        foreach ((string name, string version) in changes)
        {
            await using SqliteCommand insert = Command(
                context, """INSERT INTO "ProfileVersions" ("Name", "Version", "SinceOffset", "SeenAt") VALUES ($name, $version, $since, $seen)""");
            insert.Transaction = transaction;
            insert.Parameters.AddWithValue("$name", name);
            insert.Parameters.AddWithValue("$version", version);
            insert.Parameters.AddWithValue("$since", sinceOffset);
            insert.Parameters.AddWithValue("$seen", now.ToUnixTimeTicks());
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The versions of a profile, oldest first; of all when no name is given.</summary>
    public Task<IReadOnlyList<ProfileVersion>> VersionsAsync(string? name, CancellationToken cancellationToken) =>
        ReadVersionsAsync("""WHERE $name IS NULL OR "Name" = $name ORDER BY "Name", "Id" """, name, cancellationToken);

    /// <summary>The version of a profile that decoded an offset; null when it was not there then, or not noted yet.</summary>
    public async Task<ProfileVersion?> VersionAtAsync(string name, long offset, CancellationToken cancellationToken)
    {
        IReadOnlyList<ProfileVersion> versions = await VersionsAsync(name, cancellationToken);
        return versions.LastOrDefault(version => version.SinceOffset <= offset) is { Version.Length: > 0 } found ? found : null;
    }

    private static SqliteConnection Connection(OperationalContext context) => (SqliteConnection)context.Database.GetDbConnection();

    private static SqliteCommand Command(OperationalContext context, string sql)
    {
        SqliteCommand command = Connection(context).CreateCommand();
#pragma warning disable CA2100 // Constants of this class; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private Task<IReadOnlyList<ProfileVersion>> LatestAsync(CancellationToken cancellationToken) =>
        ReadVersionsAsync("""WHERE $name IS NULL AND "Id" IN (SELECT max("Id") FROM "ProfileVersions" GROUP BY "Name")""", null, cancellationToken);

    private async Task<IReadOnlyList<ProfileVersion>> ReadVersionsAsync(string which, string? name, CancellationToken cancellationToken)
    {
        await using OperationalContext context = await OpenAsync(cancellationToken);
        await using SqliteCommand command = Command(context, $"""SELECT "Name", "Version", "SinceOffset", "SeenAt" FROM "ProfileVersions" {which}""");
        command.Parameters.AddWithValue("$name", (object?)name ?? DBNull.Value);
        var versions = new List<ProfileVersion>();
        await using SqliteDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            versions.Add(new ProfileVersion(row.GetString(0), row.GetString(1), row.GetInt64(2), Instant.FromUnixTimeTicks(row.GetInt64(3))));

        return versions;
    }

    // The tables come after those of EF Core, which makes its own only in an empty file.
    private async Task<OperationalContext> OpenAsync(CancellationToken cancellationToken)
    {
        OperationalContext context = await _database.ContextAsync(cancellationToken);
        await context.Database.OpenConnectionAsync(cancellationToken);
        if (!_hasTables)
            await context.Database.ExecuteSqlRawAsync(Tables, cancellationToken);
        _hasTables = true;
        return context;
    }
}
