using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ioc.SystemTests.Intake;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Live;

/// <summary>What an operator's page gets: a snapshot, then changes and alarms, each numbered.</summary>
public sealed class LiveViewTests
{
    [Fact]
    public async Task A_reading_reaches_the_joined_client_as_a_change_behind_its_snapshot()
    {
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);
        await PublishPowerAsync(server, "08:00:00", 100);
        await server.SettledAsync(1);
        await using HubClient client = await HubClient.ConnectAsync(server.Web.BaseAddress!);

        await client.JoinAsync();
        (_, JsonElement snapshot) = await client.NextAsync("snapshot");
        JsonElement device = Assert.Single(snapshot.GetProperty("devices").EnumerateArray().ToArray());
        Assert.Equal("meter", device.GetProperty("id").GetString());
        Assert.Equal(100, device.GetProperty("value").GetDouble());

        await PublishPowerAsync(server, "08:00:10", 250);
        (_, JsonElement changes) = await client.NextAsync("changes");
        JsonElement change = Assert.Single(changes.GetProperty("devices").EnumerateArray().ToArray());
        Assert.Equal(device.GetProperty("h").GetInt32(), change.GetProperty("h").GetInt32());
        Assert.Equal(250, change.GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Every_message_carries_the_next_number_and_a_beat_comes_though_nothing_happens()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);
        await using HubClient client = await HubClient.ConnectAsync(server.Web.BaseAddress!);
        await client.JoinAsync();

        var numbers = new List<long>();
        for (string last = ""; last != "beat";)
        {
            (last, JsonElement message) = await client.NextAsync("snapshot", "changes", "alarm", "beat");
            numbers.Add(message.GetProperty("seq").GetInt64());
        }

        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
    }

    [Fact]
    public async Task Who_joins_what_does_not_exist_is_told_so_and_may_join_again()
    {
        IocProcess server = await SharedServer.GetAsync();
        await using HubClient client = await HubClient.ConnectAsync(server.Web.BaseAddress!);

        await client.SendAsync("""{"type":1,"invocationId":"1","target":"join","arguments":[{"zone":"atlantis","families":[],"viewport":null}]}""");
        Assert.Contains("no zone 'atlantis'", await client.ErrorAsync(), StringComparison.Ordinal);
        await client.SendAsync("""{"type":1,"invocationId":"2","target":"join","arguments":[null]}""");
        Assert.Contains("request", await client.ErrorAsync(), StringComparison.Ordinal);

        // An empty word is no wish.
        await client.JoinAsync("", "");
        (_, JsonElement snapshot) = await client.NextAsync("snapshot");
        Assert.NotEmpty(snapshot.GetProperty("devices").EnumerateArray());
    }

    [Fact]
    public async Task An_alarm_rises_is_acknowledged_survives_a_restart_and_ends()
    {
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            Path.Combine(Directory.CreateDirectory(folder.File("seeds/reference")).FullName, "alarms.yaml"),
            """
            rules:
              - id: power-high
                metric: active_power
                families: [electricity]
                above: 1000
                deadband: 50
                priority: 2
                message: { vi: "{device}: {value} {unit} vượt {limit}", en: "{device}: {value} {unit} above {limit}" }

            """,
            TestContext.Current.CancellationToken);
        string[] seeds = ["--Seeds:Path", folder.File("seeds")];
        JsonElement raised;
        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, seeds))
        {
            await using HubClient client = await HubClient.ConnectAsync(server.Web.BaseAddress!);
            await client.JoinAsync();
            await client.NextAsync("snapshot");

            await PublishPowerAsync(server, "08:00:00", 1500);
            (_, JsonElement message) = await client.NextAsync("alarm");
            raised = message.GetProperty("alarm");
            Assert.Equal("activeUnacknowledged", raised.GetProperty("state").GetString());
            Assert.Equal(2, raised.GetProperty("priority").GetInt32());

            string path = $"/api/alarms/{raised.GetProperty("id").GetInt64()}/acknowledge";
            using HttpResponseMessage stale = await server.Web.PostAsJsonAsync(path, new { version = 99, comment = "x" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
            JsonElement conflict = await stale.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.Equal(raised.GetProperty("version").GetInt32(), conflict.GetProperty("current").GetProperty("version").GetInt32());

            using HttpResponseMessage taken = await server.Web.PostAsJsonAsync(path, new { version = raised.GetProperty("version").GetInt32(), comment = "đã cử người" }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            await server.KillAsync();
        }

        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, seeds))
        {
            JsonElement kept = Assert.Single((await server.GetAsync("/api/alarms?state=open")).GetProperty("items").EnumerateArray().ToArray());
            Assert.Equal("activeAcknowledged", kept.GetProperty("state").GetString());
            Assert.Equal("đã cử người", kept.GetProperty("comment").GetString());

            // 970 is below the limit, but inside the deadband: the alarm holds. 900 ends it.
            await PublishPowerAsync(server, "08:00:10", 970);
            await server.SettledAsync(2);
            Assert.Single((await server.GetAsync("/api/alarms?state=activeAcknowledged")).GetProperty("items").EnumerateArray().ToArray());
            await PublishPowerAsync(server, "08:00:20", 900);
            await Wait.UntilAsync(async () => (await server.GetAsync("/api/alarms?state=open")).GetProperty("items").GetArrayLength() == 0);
            Assert.Equal("normal", (await server.GetAsync("/api/alarms")).GetProperty("items")[0].GetProperty("state").GetString());
        }
    }

    private static Task PublishPowerAsync(IocProcess server, string time, int watts) =>
        FirstMessageTests.PublishAsync(server, "5", "tele/meter/SENSOR", $$$"""{"Time":"2026-11-22T{{{time}}}","ENERGY":{"Power":{{{watts}}}}}""");
}
