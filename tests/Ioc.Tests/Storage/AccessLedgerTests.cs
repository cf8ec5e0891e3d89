using Ioc.Devices.Onboarding;
using Ioc.Storage.Operational;
using Ioc.Testing;
using Microsoft.Data.Sqlite;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class AccessLedgerTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 1, 0);

    private static readonly Actor Somebody = new("trực ban", "::1", "api");
    private readonly TemporaryFolder _folder = new();
    private readonly OperationalDatabase _database;
    private readonly AccessLedger _ledger;

    public AccessLedgerTests()
    {
        _database = new OperationalDatabase(_folder.File("operational.db"));
        _ledger = new AccessLedger(_database);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_credential_is_kept_whole_and_its_name_is_taken()
    {
        Assert.True(await _ledger.AddAsync(Meter(), Somebody, Stopping));
        Assert.False(await _ledger.AddAsync(Meter(), Somebody, Stopping));

        CredentialRow kept = Assert.Single((await _ledger.LoadAsync(Stopping)).Credentials);
        Assert.Equivalent(Meter(), kept, strict: true);
    }

    [Fact]
    public async Task A_revoked_credential_stays_on_record_and_frees_its_name()
    {
        await _ledger.AddAsync(Meter(), Somebody, Stopping);

        Assert.True(await _ledger.RevokeAsync("meter-7", Somebody, Now + Duration.FromSeconds(5), Stopping));
        Assert.False(await _ledger.RevokeAsync("meter-7", Somebody, Now, Stopping));
        CredentialRow revoked = Assert.Single((await _ledger.LoadAsync(Stopping)).Credentials);
        Assert.Equal((false, Now + Duration.FromSeconds(5)), (revoked.Enabled, revoked.ChangedAt));

        Assert.True(await _ledger.AddAsync(Meter(), Somebody, Stopping));
        Assert.True(Assert.Single((await _ledger.LoadAsync(Stopping)).Credentials).Enabled);
    }

    [Fact]
    public async Task Another_process_sees_a_change_by_its_revision()
    {
        long before = await _ledger.RevisionAsync(Stopping);
        using var elsewhere = new OperationalDatabase(_folder.File("operational.db"));
        var other = new AccessLedger(elsewhere);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? _ledger : other).AddAsync(Meter($"m{i}"), Somebody, Stopping)));

        Assert.Equal(before + 20, await _ledger.RevisionAsync(Stopping));
        Assert.Equal(20, (await other.LoadAsync(Stopping)).Credentials.Count);
    }

    [Fact]
    public async Task Pages_go_through_all_names_once()
    {
        foreach (string name in (string[])["b", "a", "d", "c", "đ"])
            await _ledger.AddAsync(Meter(name), Somebody, Stopping);

        var seen = new List<string>();
        while (await _ledger.CredentialsAsync(seen.LastOrDefault(), 2, Stopping) is { Count: > 0 } page)
            seen.AddRange(page.Select(row => row.UserName));

        Assert.Equal(["a", "b", "c", "d", "đ"], seen);
    }

    [Fact]
    public async Task A_ban_replaces_its_like_and_one_that_has_run_out_goes()
    {
        await _ledger.BanAsync(new BanRow { Kind = "client", Value = "old", Until = Now, CreatedAt = Now }, Somebody, Now, Stopping);
        await _ledger.BanAsync(new BanRow { Kind = "client", Value = "evil", CreatedAt = Now }, Somebody, Now, Stopping);
        await _ledger.BanAsync(new BanRow { Kind = "client", Value = "evil", Reason = "again", CreatedAt = Now }, Somebody, Now, Stopping);

        BanRow ban = Assert.Single((await _ledger.LoadAsync(Stopping)).Bans);
        Assert.Equal(("evil", "again"), (ban.Value, ban.Reason));
        Assert.True(await _ledger.LiftAsync("client", "evil", Somebody, Now, Stopping));
        Assert.False(await _ledger.LiftAsync("client", "evil", Somebody, Now, Stopping));
        Assert.Empty((await _ledger.LoadAsync(Stopping)).Bans);
    }

    [Fact]
    public async Task A_file_of_the_format_before_gets_the_tables_it_lacks()
    {
        string path = _folder.File("before.db");
        string fresh = Schema(await MadeAsync(path));
        Execute(path, """DROP TABLE "Credentials"; DROP TABLE "Bans"; DROP TABLE "AccessRevisions"; PRAGMA user_version = 1""");

        using (var database = new OperationalDatabase(path))
            Assert.True(await new AccessLedger(database).AddAsync(Meter(), Somebody, Stopping));

        Assert.Equal(fresh, Schema(path));
    }

    [Fact]
    public async Task Every_change_of_access_is_audited_with_its_author_and_without_a_secret()
    {
        await _ledger.AddAsync(Meter(), Somebody, Stopping);
        await _ledger.RevokeAsync("meter-7", Somebody, Now, Stopping);
        await _ledger.RevokeAsync("meter-7", Somebody, Now, Stopping);
        await _ledger.BanAsync(new BanRow { Kind = "client", Value = "evil", CreatedAt = Now }, Somebody, Now, Stopping);
        await _ledger.LiftAsync("client", "evil", Somebody, Now, Stopping);

        IReadOnlyList<AuditRow> audit = await new AuditLedger(_database).ReadAsync(null, null, 100, Stopping);

        Assert.Equal(
            [("ban.lift", "client evil", null), ("ban.impose", "client evil", null), ("credential.revoke", "meter-7", "m"), ("credential.issue", "meter-7", "m")],
            audit.Select(row => (row.Action, row.Subject!, row.Device)));
        Assert.All(audit, row => Assert.Equal(("trực ban", "::1", "api", Now), (row.Actor, row.Address, row.Via, row.At)));
        Assert.DoesNotContain(audit, row => row.After?.Contains("pbkdf2", StringComparison.Ordinal) ?? false);
        Assert.Equal(2, (await new AuditLedger(_database).ReadAsync("m", null, 100, Stopping)).Count);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private static CredentialRow Meter(string name = "meter-7") => new()
    {
        UserName = name,
        Password = "pbkdf2",
        Device = "m",
        Certificate = "ab",
        Publish = "tele/{device}/#",
        Subscribe = "cmd/{device}/#\ncmd/all",
        ReceiveMaximum = 5,
        MaxSubscriptions = 6,
        CreatedAt = Now,
        ChangedAt = Now,
    };

    private static async Task<string> MadeAsync(string path)
    {
        using var database = new OperationalDatabase(path);
        await using OperationalContext context = await database.ContextAsync(Stopping);
        return path;
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Schema(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """SELECT group_concat(replace(replace(sql, ' IF NOT EXISTS', ''), char(10), ' '), ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name)""";
        string text = (string)command.ExecuteScalar()!;
        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
