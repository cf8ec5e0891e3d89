using System.Globalization;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.SystemTests.Storage;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>A journal that is full and must not forget tells the people in the room.</summary>
public sealed class JournalAlarmTests
{
    [Fact]
    public async Task When_the_store_is_away_and_the_budget_is_used_up_an_alarm_says_so_and_returns_when_the_store_is_back()
    {
        Programs.Need("mosquitto_pub");
        await using InfluxServer influx = await InfluxServer.StartNewAsync();
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(
            folder.FullName, 0, "--Storage:Kind", "influx", "--Storage:Influx:Url", influx.Url, "--Storage:Influx:TimeoutSeconds", "2",
            "--Journal:SegmentBytes", "1048576", "--Journal:BudgetBytes", "2097152", "--Journal:BufferBytes", "1048576", "--Journal:MaxRecordBytes", "524288");
        Assert.Empty(await JournalAlarmsAsync(server));
        await influx.StopAsync();

        // More than the budget holds; what is refused is told to the publisher and of no interest here.
        string line = string.Create(CultureInfo.InvariantCulture, $"{{\"Time\":\"2026-11-22T08:00:00\",\"ENERGY\":{{\"Power\":5}},\"Note\":\"{new string('x', 30_000)}\"}}\n");
        await Programs.RunAsync(
            "mosquitto_pub",
            ["-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), "-V", "mqttv5", "-q", "1", "-t", "tele/full/SENSOR", "-l"],
            string.Concat(Enumerable.Repeat(line, 120)));

        JsonElement alarm = default;
        await Wait.UntilAsync(async () => (await JournalAlarmsAsync(server)).Any(found => (alarm = found).GetProperty("state").GetString() == "activeUnacknowledged"), 30, "the alarm is there");
        Assert.Equal(("platform", 1, "overBudget"), (alarm.GetProperty("device").GetString(), alarm.GetProperty("priority").GetInt32(), alarm.GetProperty("condition").GetString()));
        Assert.Contains("Journal:BudgetBytes", alarm.GetProperty("message").GetProperty("vi").GetString(), StringComparison.Ordinal);
        Assert.Contains("Journal:BudgetBytes", alarm.GetProperty("message").GetProperty("en").GetString(), StringComparison.Ordinal);

        await influx.StartAsync();
        await Wait.UntilAsync(async () => (await JournalAlarmsAsync(server)).Any(found => found.GetProperty("state").GetString() == "returnedUnacknowledged"), 60, "the alarm has returned");
        Balance balance = await server.SettledAsync(1);
        Assert.Equal(0, balance.Difference);
    }

    private static async Task<JsonElement[]> JournalAlarmsAsync(IocProcess server) =>
        [.. (await server.GetAsync("/api/alarms?state=open")).GetProperty("items").EnumerateArray().Where(alarm => alarm.GetProperty("rule").GetString() == "journal")];
}
