using Ioc.Broker.Access;
using Ioc.Devices.Onboarding;
using Ioc.Server.Access;
using Ioc.Storage.Operational;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Server.Access;

public class CredentialArgumentsTests
{
    private static readonly Actor Somebody = new("trực ban", null, "cli");

    [Fact]
    public void Words_become_a_credential()
    {
        CredentialArguments parsed = CredentialArguments.Parse(
            ["add", "gate-7", "--device", "meter-7", "--publish", "tele/{device}/#", "--publish", "up/{client}", "--subscribe", "cmd/{device}/#", "--receive-maximum", "5", "--Data:Path", "/srv/ioc"]);

        Assert.Null(parsed.Fault);
        Assert.Equal(("add", "gate-7", "meter-7", "/srv/ioc", 5), (parsed.Action, parsed.Credential.UserName, parsed.Credential.Device, parsed.DataPath, parsed.Credential.ReceiveMaximum));
        Assert.Equal(["tele/{device}/#", "up/{client}"], parsed.Credential.Publish);
        Assert.Null(parsed.Credential.Fault());
    }

    [Theory]
    [InlineData]
    [InlineData("drop")]
    [InlineData("add")]
    [InlineData("add", "--full")]
    [InlineData("add", "u", "--publish")]
    [InlineData("add", "u", "--receive-maximum", "many")]
    [InlineData("list", "--full")]
    [InlineData("revoke", "u", "--device", "d")]
    public void What_is_not_understood_is_said(params string[] words) => Assert.NotNull(CredentialArguments.Parse(words).Fault);

    [Theory]
    [InlineData("userName", "", null, "a", false)]
    [InlineData("publish", "u", null, "a/{device}", false)]
    [InlineData("publish", "u", null, "a/{x}", false)]
    [InlineData("full", "u", null, "a", true)]
    [InlineData("password", "u", "", "a", false)]
    public void What_cannot_be_meant_is_named(string field, string user, string? password, string publish, bool full)
    {
        var credential = new NewCredential { UserName = user, Password = password, Publish = [publish], Full = full };

        Assert.Equal(field, credential.Fault()?.Field);
    }

    [Fact]
    public void What_is_kept_holds_a_hash_and_never_the_password()
    {
        (CredentialRow chosen, string? none) = new NewCredential { UserName = "u", Password = "bí mật" }.Make(default);
        (CredentialRow made, string? secret) = new NewCredential { UserName = "u" }.Make(default);
        (CredentialRow certified, string? neither) = new NewCredential { UserName = "u", Certificate = "CN=u" }.Make(default);

        Assert.Null(none);
        Assert.True(PasswordHash.TryParse(chosen.Password!, out PasswordHash hash) && hash.Verify("bí mật"u8));
        Assert.True(PasswordHash.TryParse(made.Password!, out PasswordHash madeHash) && madeHash.Verify(System.Text.Encoding.ASCII.GetBytes(secret!)));
        Assert.DoesNotContain(secret!, made.Password, StringComparison.Ordinal);
        Assert.Equal((null, null), (certified.Password, neither));
    }

    [Fact]
    public async Task What_was_kept_reaches_the_broker_as_it_was_meant()
    {
        using var folder = new Ioc.Testing.TemporaryFolder();
        using var database = new OperationalDatabase(folder.File("operational.db"));
        var ledger = new AccessLedger(database);
        var store = new KeptAccess(ledger);
        CancellationToken stopping = TestContext.Current.CancellationToken;
        Instant now = Instant.FromUnixTimeSeconds(1);
        Assert.Empty((await store.ReadAsync(-1, stopping))!.Credentials);

        await ledger.AddAsync(new NewCredential { UserName = "a", Publish = ["x/{user}", "y"], Subscribe = ["z"], MaxSubscriptions = 3 }.Make(now).Row, Somebody, stopping);
        await ledger.AddAsync(new NewCredential { UserName = "b", Full = true }.Make(now).Row, Somebody, stopping);
        await ledger.AddAsync(new NewCredential { UserName = "c" }.Make(now).Row, Somebody, stopping);
        await ledger.BanAsync(new BanRow { Kind = "address", Value = "10.0.0.0/8", Until = now }, Somebody, default, stopping);

        AccessSnapshot snapshot = (await store.ReadAsync(0, stopping))!;
        Assert.Equal(["x/{user}", "y"], snapshot.Credentials[0].Rights!.Publish);
        Assert.Equal(["z"], snapshot.Credentials[0].Rights!.Subscribe);
        Assert.Equal((3, true), (snapshot.Credentials[0].MaxSubscriptions, snapshot.Credentials[0].Enabled));
        Assert.True(snapshot.Credentials[1].Rights!.Full);
        Assert.Null(snapshot.Credentials[2].Rights);
        Assert.Equal(new Ban(BanKind.Address, "10.0.0.0/8", now), Assert.Single(snapshot.Bans));
        Assert.Null(await store.ReadAsync(snapshot.Revision, stopping));
    }
}
