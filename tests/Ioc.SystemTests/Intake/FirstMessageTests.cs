using System.Globalization;
using System.Net;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Intake;

/// <summary>What an engineer does first: publish one message with a foreign tool and look for it.</summary>
public sealed class FirstMessageTests
{
    private const string Energy = """{"Time":"2026-11-22T08:15:30","ENERGY":{"TotalStartTime":"2026-01-05T07:00:00","Total":812.4,"Yesterday":6.1,"Today":2.25,"Power":431,"ApparentPower":450,"ReactivePower":128,"Factor":0.96,"Voltage":223,"Current":2.018}}""";

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task A_published_meter_message_is_on_the_device_with_its_time_and_its_raw_bytes(string version)
    {
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        await PublishAsync(server, version, "tele/kho-bac/SENSOR", Energy);

        await Wait.UntilAsync(async () => (await server.Web.GetAsync("/api/devices/kho-bac")).StatusCode == HttpStatusCode.OK);
        JsonElement device = await server.GetAsync("/api/devices/kho-bac");
        Assert.Equal("electricity", device.GetProperty("family").GetString());
        Assert.Equal("tasmota-energy", device.GetProperty("profile").GetString());
        Assert.False(device.GetProperty("claimed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, device.GetProperty("position").ValueKind);
        JsonElement power = device.GetProperty("latest").EnumerateArray().Single(latest => latest.GetProperty("metric").GetString() == "active_power");
        Assert.Equal(431, power.GetProperty("value").GetDouble());
        Assert.Equal("W", power.GetProperty("unit").GetString());

        JsonElement message = Assert.Single((await server.GetAsync("/api/devices/kho-bac/messages")).GetProperty("items").EnumerateArray().ToArray());
        Assert.Equal("tele/kho-bac/SENSOR", message.GetProperty("topic").GetString());
        Assert.Equal(Energy, message.GetProperty("payload").GetString());
        Assert.Equal("stored", message.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_set_aside_counted_and_shown_and_what_follows_is_stored()
    {
        Programs.Need("mosquitto_pub");
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName);

        await PublishAsync(server, "5", "tele/cut/SENSOR", Energy[..(Energy.Length / 2)]);
        await PublishAsync(server, "5", "nobody/knows/this", "1");
        await PublishAsync(server, "5", "tele/clock-of-1970/SENSOR", Energy.Replace("2026-11-22T08:15:30", "1970-01-01T00:00:04", StringComparison.Ordinal));
        Balance balance = await server.SettledAsync(3);

        Assert.Equal(1, balance.Stored);
        Assert.Equal(2, balance.Quarantined.Values.Sum());
        Assert.Equal(0, balance.Difference);
        JsonElement[] set = [.. (await server.GetAsync("/api/quarantine")).GetProperty("items").EnumerateArray()];
        Assert.Equal(["nobody/knows/this", "tele/cut/SENSOR"], set.Select(entry => entry.GetProperty("topic").GetString()));
        Assert.Equal("profileUnknown", set[0].GetProperty("reason").GetString());

        // The clock of 1970 is doubted, not believed: arrival time stands in, and the reading says so.
        JsonElement power = (await server.GetAsync("/api/devices/clock-of-1970")).GetProperty("latest").EnumerateArray().First();
        Assert.Contains("clock", power.GetProperty("quality").EnumerateArray().Select(word => word.GetString()));
        Assert.NotEqual(1970, power.GetProperty("at").GetDateTimeOffset().Year);
    }

    [Theory]
    [InlineData("/api/devices?limit=0", "limit")]
    [InlineData("/api/devices?limit=1001", "limit")]
    [InlineData("/api/devices?state=asleep", "state")]
    [InlineData("/api/devices?zone=atlantis", "zone")]
    [InlineData("/api/devices?famly=air", "famly")]
    [InlineData("/api/devices/meter/readings?metric=active_power&from=yesterday", "from")]
    [InlineData("/api/devices/meter/readings?metric=active_power&every=2h", "every")]
    [InlineData("/api/devices/meter/readings?metric=happiness", "metric")]
    [InlineData("/api/devices/meter/readings?metric=active_power&cursor=made-up", "cursor")]
    [InlineData("/api/alarms?state=angry", "state")]
    [InlineData("/api/quarantine?reason=dislike", "reason")]
    public async Task A_parameter_that_cannot_be_understood_is_named(string path, string parameter)
    {
        Programs.Need("mosquitto_pub");
        IocProcess server = await SharedServer.GetAsync();

        using HttpResponseMessage answer = await server.Web.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(parameter, problem.RootElement.GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("ă")]
    [InlineData("has space")]
    [InlineData("100%")]
    [InlineData("a%2Fb")]
    [InlineData("nhà~1")]
    [InlineData("a?b&c")]
    public async Task A_device_with_an_odd_key_is_reached_by_the_id_that_the_list_gives(string key)
    {
        Programs.Need("mosquitto_pub");
        IocProcess server = await SharedServer.GetAsync();
        await PublishAsync(server, "5", $"tele/{key}/SENSOR", Energy);
        JsonElement listed = default;
        await Wait.UntilAsync(async () =>
        {
            JsonElement found = await server.GetAsync($"/api/devices?family=&zone=&q={Uri.EscapeDataString(key)}");
            listed = found.GetProperty("items").EnumerateArray().FirstOrDefault(device => device.GetProperty("key").GetString() == key);
            return listed.ValueKind == JsonValueKind.Object;
        });
        string id = listed.GetProperty("id").GetString()!;

        Assert.Equal(key, (await server.GetAsync($"/api/devices/{id}")).GetProperty("key").GetString());
        Assert.Equal(key, (await server.GetAsync($"/api/devices/{Uri.EscapeDataString(id)}")).GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("""{"version":"first"}""")]
    public async Task A_body_that_cannot_be_read_is_told_so(string body)
    {
        Programs.Need("mosquitto_pub");
        IocProcess server = await SharedServer.GetAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage answer = await server.Web.PostAsync("/api/alarms/1/acknowledge", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("body", problem.RootElement.GetProperty("parameter").GetString());
    }

    internal static Task PublishAsync(IocProcess server, string version, string topic, string payload) =>
        Programs.RunAsync("mosquitto_pub", ["-V", version == "5" ? "mqttv5" : "mqttv311", "-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), "-q", "1", "-t", topic, "-s"], payload);
}
