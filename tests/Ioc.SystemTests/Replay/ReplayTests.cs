using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;
using static Ioc.SystemTests.Replay.ReplayWorld;

namespace Ioc.SystemTests.Replay;

/// <summary>A profile was wrong, messages were lost to it or stored wrongly; an engineer mends it and gets them back.</summary>
public sealed class ReplayTests
{
    private const string Broken = "metric: pm2_5, path: pm, unit: ug/m3";
    private const string Mended = "metric: pm2_5, path: t, unit: ug/m3";
    private const string Tenfold = "metric: pm2_5, path: t, scale: 10, unit: ug/m3";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_set_aside_by_a_broken_profile_come_back_by_group_without_an_alarm_and_once_only()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Broken);
        await world.PublishAsync([.. Enumerable.Range(1, 20).Select(n => ($"d{n % 2}", Payload(400 + n)))]);
        await world.Server.SettledAsync(20);

        JsonElement group = Assert.Single((await world.Server.GetAsync("/api/quarantine/groups")).GetProperty("items").EnumerateArray());
        string id = group.GetProperty("id").GetString()!;
        Assert.Equal(("noReadings", "own", "7", 20, 2), (Text(group, "reason"), Text(group, "profile"), Text(group, "firmware"), group.GetProperty("count").GetInt32(), group.GetProperty("devices").GetInt32()));
        Assert.Equal("""{"t":420}""", Text(group.GetProperty("example"), "text"));
        Assert.Equal(Convert.ToHexStringLower("""{"t":420}"""u8), Text(group.GetProperty("example"), "hex"));
        Assert.Equal(20, (await world.Server.GetAsync($"/api/quarantine?group={id}")).GetProperty("items").GetArrayLength());

        await world.MendAsync(Mended);
        JsonElement compared = await world.CompareAsync(new { group = id });
        Assert.Equal((20, 20, 0, 0), (Count(compared, "messages"), Count(compared, "added"), Count(compared, "changed"), Count(compared, "removed")));
        Assert.Empty(await world.ValuesAsync("d1", "pm2_5"));
        Assert.Equal(20, (await world.Server.BalanceAsync()).Quarantined["noReadings"]);

        JsonElement done = await world.CommitAsync(compared);
        JsonElement again = await world.CommitAsync(compared);

        Assert.Equal(done.GetRawText(), again.GetRawText());
        Assert.Equal(Enumerable.Range(1, 20).Where(n => n % 2 == 1).Select(n => 400.0 + n), await world.ValuesAsync("d1", "pm2_5"));
        Assert.Equal(420, await world.LatestAsync("d0"));
        Balance balance = await world.Server.BalanceAsync();
        Assert.Equal((20, 20, 0, 0), (balance.Received, balance.Stored, balance.Quarantined.Count, balance.Difference));
        Assert.Empty((await world.Server.GetAsync("/api/quarantine/groups")).GetProperty("items").EnumerateArray());
        Assert.Empty((await world.Server.GetAsync("/api/alarms")).GetProperty("items").EnumerateArray());
        JsonElement all = await world.CompareAsync(new { from = "2020-01-01T00:00:00Z" });
        Assert.Equal((20, 0, 20), (Count(all, "messages"), Count(all, "changedMessages"), Count(all, "unchanged")));
        string[] acts = [.. (await world.Server.GetAsync("/api/replay/acts")).GetProperty("items").EnumerateArray().Select(act => $"{Text(act, "action")} {Text(act, "by")!.Split('@')[0]}")];
        Assert.Equal(["compared operator", "compare operator", "committed kỹ sư", "commit kỹ sư", "compared operator", "compare operator"], acts);

        // The same value, live, is what an alarm is made of.
        await world.PublishAsync(("d1", Payload(900)));
        await Wait.UntilAsync(async () => (await world.Server.GetAsync("/api/alarms")).GetProperty("items").GetArrayLength() > 0, seconds: 30, what: "a live value raises an alarm");
    }

    [Fact]
    public async Task Stored_values_of_a_mended_profile_change_with_their_buckets_and_the_newest_value()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Tenfold);
        await world.PublishAsync(("a", Payload(1)), ("a", Payload(2)), ("b", Payload(5)));
        await world.Server.SettledAsync(3);
        await world.MendAsync(Mended);
        await world.PublishAsync(("b", Payload(6)));
        await world.Server.SettledAsync(4);

        JsonElement compared = await world.CompareAsync(new { device = "a" });
        await world.CommitAsync(compared);

        Assert.Equal((2, 2), (Count(compared, "messages"), Count(compared, "changed")));
        JsonElement example = compared.GetProperty("difference").GetProperty("examples").EnumerateArray().First(one => one.GetProperty("new").GetDouble() == 2);
        Assert.Equal(("changed", 20.0), (Text(example, "kind"), example.GetProperty("old").GetDouble()));
        Assert.Equal([1, 2], await world.ValuesAsync("a", "pm2_5"));
        Assert.Equal([3], await world.ValuesAsync("a", "pm2_5", "&every=1d&aggregate=sum"));
        Assert.Equal([50, 6], await world.ValuesAsync("b", "pm2_5"));
        Assert.Equal((2, 6), (await world.LatestAsync("a"), await world.LatestAsync("b")));
        Assert.Equal(0, (await world.Server.BalanceAsync()).Difference);
    }

    [Fact]
    public async Task A_comparison_is_void_when_the_profiles_have_changed_and_an_empty_order_is_told()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Tenfold);
        await world.PublishAsync(("a", Payload(1)));
        await world.Server.SettledAsync(1);
        await world.MendAsync(Mended);
        JsonElement compared = await world.CompareAsync(new { device = "a" });
        await world.MendAsync("metric: pm2_5, path: t, scale: 3, unit: ug/m3");

        using HttpResponseMessage refused = await world.Server.Web.PostAsJsonAsync("/api/replay/commit", new { token = Text(compared, "token") }, Token);
        using HttpResponseMessage unknown = await world.Server.Web.PostAsJsonAsync("/api/replay/commit", new { token = "0123" }, Token);
        using HttpResponseMessage nothing = await world.Server.Web.PostAsJsonAsync("/api/replay", new { by = "x" }, Token);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (refused.StatusCode, unknown.StatusCode, nothing.StatusCode));
        Assert.Equal([10], await world.ValuesAsync("a", "pm2_5"));
    }

    [Fact]
    public async Task A_commit_killed_in_the_middle_is_carried_through_by_the_next_start_exactly_once()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Broken, "--Replay:StepMessages", "1");
        const int Messages = 600;
        await world.PublishAsync([.. Enumerable.Range(0, Messages).Select(n => ("a", Payload(n)))]);
        await world.Server.SettledAsync(Messages);
        await world.MendAsync(Mended);
        JsonElement compared = await world.CompareAsync(new { from = "2020-01-01T00:00:00Z" });

        Task<JsonElement> commit = world.PostAsync("/api/replay/commit", new { token = Text(compared, "token") });
        await Wait.UntilAsync(async () => (await world.Server.BalanceAsync()) is { Stored: > 10 }, seconds: 60, what: "some steps are done");
        await world.KillAndRestartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => commit);
        await world.DoneAsync();

        Assert.Contains(world.Server.Output.Split('\n'), line => line.Contains("was cut off in mid-commit", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Messages).Select(n => (double)n), await world.ValuesAsync("a", "pm2_5"));
        Balance balance = await world.Server.BalanceAsync();
        Assert.Equal((Messages, Messages, 0, 0), (balance.Received, balance.Stored, balance.Quarantined.Count, balance.Difference));
        Assert.Equal(Messages - 1, await world.LatestAsync("a"));
    }

    [Fact]
    public async Task Live_messages_go_on_while_a_commit_is_under_way()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Broken, "--Replay:StepMessages", "1");
        const int Old = 400;
        await world.PublishAsync([.. Enumerable.Range(0, Old).Select(n => ("a", Payload(n)))]);
        await world.Server.SettledAsync(Old);
        await world.MendAsync(Mended);
        JsonElement compared = await world.CompareAsync(new { device = "a" });

        Task<JsonElement> commit = world.PostAsync("/api/replay/commit", new { token = Text(compared, "token") });
        await world.PublishAsync([.. Enumerable.Range(0, 50).Select(n => ("b", Payload(n)))]);
        await commit;
        await world.DoneAsync();
        Balance balance = await world.Server.SettledAsync(Old + 50);

        Assert.Equal((Old + 50, 0, 0), (balance.Stored, balance.Quarantined.Count, balance.Difference));
        Assert.Equal((Old, 50), ((await world.ValuesAsync("a", "pm2_5")).Count, (await world.ValuesAsync("b", "pm2_5")).Count));
    }

    [Fact]
    public async Task Every_stored_value_leads_to_its_bytes_its_profile_version_and_its_decode()
    {
        await using ReplayWorld world = await ReplayWorld.StartAsync(Tenfold);
        await world.PublishAsync(("a", Payload(1)));
        await world.Server.SettledAsync(1);
        string at = Uri.EscapeDataString(Text((await world.ReadingsAsync("a", "pm2_5"))[0], "at")!);

        JsonElement before = Assert.Single((await world.Server.GetAsync($"/api/readings/provenance?device=a&metric=pm2_5&at={at}")).GetProperty("items").EnumerateArray());
        await world.MendAsync(Mended);
        await world.CommitAsync(await world.CompareAsync(new { device = "a" }));
        JsonElement after = Assert.Single((await world.Server.GetAsync($"/api/readings/provenance?device=a&metric=pm2_5&at={at}")).GetProperty("items").EnumerateArray());

        JsonElement message = before.GetProperty("from").GetProperty("message");
        Assert.Equal(("lab/a", "engineer", """{"t":1}""", "7b2274223a317d"), (Text(message, "topic"), Text(message, "client"), Text(message, "text"), Text(message, "hex")));
        Assert.Equal((10, 1), (before.GetProperty("value").GetDouble(), after.GetProperty("value").GetDouble()));
        JsonElement[] versions = [.. (await world.Server.GetAsync("/api/profiles/versions?profile=own")).GetProperty("items").EnumerateArray()];
        Assert.Equal(versions.Select(version => Text(version, "version")), new[] { before, after }.Select(one => Text(one.GetProperty("from").GetProperty("profile"), "version")));
        Assert.NotEqual(Text(versions[0], "version"), Text(versions[1], "version"));
        Assert.Equal(10, before.GetProperty("from").GetProperty("decode").GetProperty("readings")[0].GetProperty("canonical").GetProperty("value").GetDouble());
        Assert.Equal(JsonValueKind.Null, before.GetProperty("from").GetProperty("replay").ValueKind);
        Assert.Equal((await world.StatusAsync()).GetProperty("replay").GetInt64(), after.GetProperty("from").GetProperty("replay").GetInt64());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
