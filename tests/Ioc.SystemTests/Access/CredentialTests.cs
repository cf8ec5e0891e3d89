using System.Net;
using System.Text.Json;
using Xunit;

namespace Ioc.SystemTests.Access;

/// <summary>Who comes in, seen by somebody else's client, the command line and the API.</summary>
public sealed class CredentialTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_credential_added_beside_a_running_server_opens_it_and_a_wrong_password_does_not()
    {
        await using AccessWorld world = await AccessWorld.StartAsync();
        await world.CommandAsync("bí mật", "add", "gate-7", "--device", "meter-7", "--publish", "tele/{device}/#");
        await world.UntilLetInAsync("gate-7", "bí mật", "tele/meter-7/SENSOR");

        (int exit311, string errors311) = await world.PublishAsync("311", "gate-7", "wrong", "tele/meter-7/SENSOR");
        (int exit5, string errors5) = await world.PublishAsync("5", "gate-7", "wrong", "tele/meter-7/SENSOR");

        Assert.True(exit311 != 0 && exit5 != 0);
        Assert.Contains("bad user name or password", errors311, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("bad user name or password", errors5, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((0, ""), await world.PublishAsync("5", "gate-7", "bí mật", "tele/meter-7/SENSOR"));
        Assert.True((await world.Server.BalanceAsync()).Refused["notAuthorized"] >= 2);
    }

    [Fact]
    public async Task A_password_that_the_command_line_makes_is_printed_once_and_opens()
    {
        await using AccessWorld world = await AccessWorld.StartAsync();

        string secret = (await world.CommandAsync(null, "add", "gate-8", "--full")).Trim();
        string list = await world.CommandAsync(null, "list");

        Assert.Equal(32, secret.Length);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.Contains("gate-8\tin force\tpassword\t-\tfull", list, StringComparison.Ordinal);
        await world.UntilLetInAsync("gate-8", secret, "any");
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.CommandAsync(null, "add", "gate-8", "--full"));
    }

    [Fact]
    public async Task A_hashed_password_in_the_settings_opens_as_the_plain_one_does()
    {
        await using AccessWorld plain = await AccessWorld.StartAsync();
        string hash = (await plain.CommandAsync("secret", "hash")).Trim();
        await using AccessWorld hashed = await AccessWorld.StartAsync("--Mqtt:Users:gate", hash);

        Assert.Equal(0, (await hashed.PublishAsync("311", "gate", "secret", "any")).ExitCode);
        Assert.NotEqual(0, (await hashed.PublishAsync("311", "gate", hash, "any")).ExitCode);
        Assert.Contains("plain text", plain.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_makes_lists_and_revokes_and_never_shows_a_hash()
    {
        await using AccessWorld world = await AccessWorld.StartAsync();

        JsonElement made = await world.PostAsync("/api/credentials", new { userName = "gate-9", publish = new[] { "tele/{user}/#" }, maxSubscriptions = 2 });
        string secret = made.GetProperty("secret").GetString()!;
        Assert.Equal(0, (await world.PublishAsync("5", "gate-9", secret, "tele/gate-9/x")).ExitCode); // in force at once

        string list = await world.Server.Web.GetStringAsync("/api/credentials", Stopping);
        Assert.Contains("gate-9", list, StringComparison.Ordinal);
        Assert.DoesNotContain("pbkdf2", list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);
        Assert.Equal(409, (await world.PostAsync("/api/credentials", new { userName = "gate-9" })).GetProperty("status").GetInt32());
        Assert.Equal("publish", (await world.PostAsync("/api/credentials", new { userName = "x", publish = new[] { "a/#/b" } })).GetProperty("parameter").GetString());

        using HttpResponseMessage revoked = await world.Server.Web.DeleteAsync("/api/credentials/gate-9", Stopping);
        using HttpResponseMessage again = await world.Server.Web.DeleteAsync("/api/credentials/gate-9", Stopping);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (revoked.StatusCode, again.StatusCode));
        Assert.NotEqual(0, (await world.PublishAsync("5", "gate-9", secret, "tele/gate-9/x")).ExitCode);
    }

    [Fact]
    public async Task A_ban_holds_from_the_next_connect_and_until_it_is_lifted()
    {
        await using AccessWorld world = await AccessWorld.StartAsync();

        JsonElement ban = await world.PostAsync("/api/bans", new { kind = "client", value = "evil/1", seconds = 600, reason = "test" });
        Assert.Equal(("client", "evil/1"), (ban.GetProperty("kind").GetString(), ban.GetProperty("value").GetString()));
        (int exit, string errors) = await world.PublishAsync("5", "operator", "p", "any", client: "evil/1");
        Assert.NotEqual(0, exit);
        Assert.Contains("banned", errors, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await world.PublishAsync("5", "operator", "p", "any", client: "good")).ExitCode);
        Assert.Equal("value", (await world.PostAsync("/api/bans", new { kind = "address", value = "nowhere" })).GetProperty("parameter").GetString());

        using HttpResponseMessage lifted = await world.Server.Web.DeleteAsync("/api/bans/client/evil%2F1", Stopping);
        Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
        Assert.Equal(0, (await world.PublishAsync("5", "operator", "p", "any", client: "evil/1")).ExitCode);
    }
}
