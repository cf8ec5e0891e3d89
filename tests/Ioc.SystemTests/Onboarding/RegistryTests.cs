using System.Net;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Xunit;

namespace Ioc.SystemTests.Onboarding;

/// <summary>A device's life from its first message to its retirement, in the real process and over its restart.</summary>
public sealed class RegistryTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_is_listed_claimed_and_still_claimed_after_a_restart()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("kho-1", 431);
        await world.UntilKnownAsync("kho-1");
        Assert.Equal(["kho-1"], await IdsAsync(world, "unclaimed"));

        JsonElement claimed = await world.DoAsync("kho-1", "claim", new { name = "Kho số 1", position = new { lat = 13.77, lon = 109.22 } });
        await world.RestartAsync();

        JsonElement device = await world.DeviceAsync("kho-1");
        Assert.Equal(("Kho số 1", "inService", 2), (device.GetProperty("name").GetString(), device.GetProperty("standing").GetString(), device.GetProperty("version").GetInt32()));
        Assert.Equal(13.77, device.GetProperty("position").GetProperty("lat").GetDouble());
        Assert.Equal(claimed.GetProperty("firstSeen").GetString(), device.GetProperty("firstSeen").GetString());
        Assert.Empty(await IdsAsync(world, "unclaimed"));
        JsonElement audit = Assert.Single((await world.Server.GetAsync("/api/audit?device=kho-1")).GetProperty("items").EnumerateArray());
        Assert.Equal(("device.claim", "local operator", "127.0.0.1"), (audit.GetProperty("action").GetString(), audit.GetProperty("actor").GetString(), audit.GetProperty("address").GetString()));
        Assert.Equal("Kho số 1", audit.GetProperty("after").GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_a_retired_device_sends_is_refused_its_history_stays_and_it_can_come_back()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("kho-2", 431);
        await world.Server.SettledAsync(1);
        await world.DoAsync("kho-2", "claim");
        JsonElement retired = await world.DoAsync("kho-2", "retire", new { note = "hỏng" });
        Assert.Equal("retired", retired.GetProperty("standing").GetString());

        await world.PublishAsync("kho-2", 500);
        Balance balance = await world.Server.SettledAsync(2);

        Assert.Equal((1, 1, 0), (balance.Stored, balance.Quarantined["deviceRetired"], balance.Difference));
        Assert.Empty((await world.DeviceAsync("kho-2")).GetProperty("latest").EnumerateArray());
        Assert.DoesNotContain("kho-2", await IdsAsync(world, ""));
        Assert.Equal(["kho-2"], await IdsAsync(world, "retired"));
        await world.RestartAsync();
        await world.PublishAsync("kho-2", 501);
        Assert.Equal(2, (await world.Server.SettledAsync(3)).Quarantined["deviceRetired"]);
        Assert.Equal([431], await ReadingsAsync(world, "kho-2"));

        await world.DoAsync("kho-2", "return");
        await world.PublishAsync("kho-2", 502);
        await world.Server.SettledAsync(4);
        Assert.Equal([431, 502], await ReadingsAsync(world, "kho-2"));
    }

    [Fact]
    public async Task A_rejected_stranger_stays_out_until_that_is_lifted()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("la", 1);
        await world.UntilKnownAsync("la");
        await world.DoAsync("la", "reject", new { note = "không phải của tỉnh" });
        await world.RestartAsync();

        await world.PublishAsync("la", 2);
        Assert.Equal(1, (await world.Server.SettledAsync(2)).Quarantined["deviceRejected"]);
        Assert.Equal("Not in this standing.", (await world.DoAsync("la", "claim")).GetProperty("title").GetString());

        await world.DoAsync("la", "lift");
        await world.PublishAsync("la", 3);
        Assert.Equal(2, (await world.Server.SettledAsync(3)).Stored);
    }

    [Fact]
    public async Task Who_is_late_is_shown_the_present_state_and_who_errs_every_reason()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.SendAsync(HttpMethod.Post, "/api/devices", new { key = "tram-1", family = "air", name = "Trạm" });

        JsonElement first = await world.SendAsync(HttpMethod.Patch, "/api/devices/tram-1", new { version = 1, name = "Trạm Cầu" });
        JsonElement late = await world.SendAsync(HttpMethod.Patch, "/api/devices/tram-1", new { version = 1, name = "Trạm Chợ" });
        JsonElement wrong = await world.SendAsync(HttpMethod.Patch, "/api/devices/tram-1", new { version = 2, family = "boat", site = "nowhere", periodSeconds = 0 });
        JsonElement misspelt = await world.SendAsync(HttpMethod.Patch, "/api/devices/tram-1", new { version = 2, nmae = "x" });
        JsonElement twice = await world.SendAsync(HttpMethod.Post, "/api/devices", new { key = "tram-1", family = "air" });

        Assert.Equal(2, first.GetProperty("version").GetInt32());
        Assert.Equal((409, "Trạm Cầu"), (late.GetProperty("status").GetInt32(), late.GetProperty("current").GetProperty("name").GetString()));
        Assert.Equal(400, wrong.GetProperty("status").GetInt32());
        Assert.Equal(["family", "site", "periodSeconds"], wrong.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("field").GetString()));
        Assert.Equal((400, 409), (misspelt.GetProperty("status").GetInt32(), twice.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task A_credential_issued_on_a_device_opens_its_own_topic_only_and_no_more_once_revoked()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync("--Mqtt:AllowAnonymous", "false", "--Mqtt:Users:operator", "p");
        await world.SendAsync(HttpMethod.Post, "/api/devices", new { key = "kho-7", family = "electricity", profile = "tasmota-energy" });

        JsonElement issued = await world.SendAsync(HttpMethod.Post, "/api/devices/kho-7/credentials", new { });
        string secret = issued.GetProperty("secret").GetString()!;

        Assert.Equal(0, await PublishAsync(world, secret, "tele/kho-7/SENSOR"));
        await PublishAsync(world, secret, "tele/kho-8/SENSOR");
        Assert.Equal(1, (await world.Server.SettledAsync(1)).Refused["publishNotAuthorized"]);
        string list = await world.Server.Web.GetStringAsync("/api/devices/kho-7/credentials", Stopping);
        Assert.Contains("\"userName\":\"kho-7\"", list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);

        using HttpResponseMessage revoked = await world.Server.Web.DeleteAsync("/api/credentials/kho-7", Stopping);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.NotEqual(0, await PublishAsync(world, secret, "tele/kho-7/SENSOR"));
        string audit = await world.Server.Web.GetStringAsync("/api/audit?device=kho-7", Stopping);
        Assert.Contains("credential.revoke", audit, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_hardware_takes_the_place_and_the_old_one_is_refused()
    {
        await using OnboardingWorld world = await OnboardingWorld.StartAsync();
        await world.PublishAsync("cu", 1);
        await world.PublishAsync("moi", 2);
        await world.Server.SettledAsync(2);
        await world.DoAsync("cu", "claim", new { name = "Tủ điện chợ" });

        JsonElement fresh = await world.DoAsync("cu", "replace", new { key = "moi", note = "cháy" });

        Assert.Equal(("moi", "Tủ điện chợ", "cu"), (fresh.GetProperty("id").GetString(), fresh.GetProperty("name").GetString(), fresh.GetProperty("replaces").GetString()));
        await world.PublishAsync("cu", 3);
        await world.PublishAsync("moi", 4);
        Assert.Equal(1, (await world.Server.SettledAsync(4)).Quarantined["deviceRetired"]);
        Assert.Equal([2, 4], await ReadingsAsync(world, "moi"));
        Assert.Equal([1], await ReadingsAsync(world, "cu"));
    }

    private static async Task<int> PublishAsync(OnboardingWorld world, string secret, string topic) =>
        (await MosquittoClient.PublishAsync(world.Server.MqttPort, "5", "-i", "c", "-u", "kho-7", "-P", secret, "-t", topic, "-q", "1", "-m", """{"ENERGY":{"Power":1}}""")).ExitCode;

    private static async Task<string[]> IdsAsync(OnboardingWorld world, string standing) =>
        [.. (await world.Server.GetAsync($"/api/devices?standing={standing}")).GetProperty("items").EnumerateArray().Select(device => device.GetProperty("id").GetString()!)];

    private static async Task<IEnumerable<double>> ReadingsAsync(OnboardingWorld world, string id)
    {
        JsonElement page = await world.Server.GetAsync($"/api/devices/{id}/readings?metric=active_power");
        return [.. page.GetProperty("items").EnumerateArray().Select(reading => reading.GetProperty("value").GetDouble())];
    }
}
