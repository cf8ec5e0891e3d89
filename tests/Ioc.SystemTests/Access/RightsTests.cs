using System.Globalization;
using System.Text.Json;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Access;

/// <summary>What those who are in may do, seen by somebody else's client.</summary>
public sealed class RightsTests
{
    [Fact]
    public async Task A_publish_outside_its_own_topics_is_told_to_a_5_0_client_and_reaches_nobody()
    {
        await using AccessWorld world = await MeterAsync();

        (int exit, string errors) = await world.PublishAsync("5", "gate-7", "p", "tele/meter-8/SENSOR", client: "meter-7");

        // mosquitto_pub says it and leaves with the reason code, or says it only: both tell 0x87.
        Assert.True(exit is 0 or 0x87);
        Assert.Contains("not authori", errors, StringComparison.OrdinalIgnoreCase);
        await RefusedAsync(world, "publishNotAuthorized");
    }

    // [MQTT-3.3.5-2]
    [Fact]
    public async Task A_publish_outside_its_own_topics_is_acknowledged_to_a_3_1_1_client_dropped_and_counted()
    {
        await using AccessWorld world = await MeterAsync();

        Assert.Equal((0, ""), await world.PublishAsync("311", "gate-7", "p", "tele/meter-8/SENSOR", client: "meter-7"));

        await RefusedAsync(world, "publishNotAuthorized");
    }

    [Fact]
    public async Task Or_its_connection_is_closed_where_that_is_configured()
    {
        await using AccessWorld world = await MeterAsync("--Mqtt:DeniedPublish", "Close");

        using RunningClient client = MosquittoClient.Start("mosquitto_pub", world.Server.MqttPort, "311", "-i", "meter-7", "-u", "gate-7", "-P", "p", "-t", "tele/meter-8/SENSOR", "-q", "1", "-m", "1", "-d");

        await RefusedAsync(world, "publishNotAuthorized");
        client.Kill(); // it would connect again for ever
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task A_filter_that_reaches_beyond_its_own_commands_is_refused_and_its_own_is_granted(string version)
    {
        await using AccessWorld world = await MeterAsync();
        string[] who = ["-i", "meter-7", "-u", "gate-7", "-P", "p", "-W", "10"];

        using RunningClient greedy = MosquittoClient.Start("mosquitto_sub", world.Server.MqttPort, version, [.. who, "-t", "cmd/#"]);
        (int _, string errors) = await greedy.WaitAsync();
        Assert.Contains("subscription", errors, StringComparison.OrdinalIgnoreCase);
        await RefusedAsync(world, "subscribeNotAuthorized");

        using RunningClient modest = MosquittoClient.Start("mosquitto_sub", world.Server.MqttPort, version, [.. who, "-t", "cmd/meter-7/#", "-C", "1"]);
        Task<string?> received = modest.ReadLineAsync();
        await Wait.UntilAsync(async () =>
        {
            await world.PublishAsync("5", "operator", "p", "cmd/meter-7/on", client: "op");
            return received.IsCompleted;
        });
        Assert.Equal("1", await received);
    }

    [Fact]
    public async Task A_will_outside_its_own_topics_keeps_the_client_out()
    {
        await using AccessWorld world = await MeterAsync();

        using RunningClient client = MosquittoClient.Start(
            "mosquitto_sub", world.Server.MqttPort, "5", "-i", "meter-7", "-u", "gate-7", "-P", "p", "-t", "cmd/meter-7/#", "--will-topic", "tele/meter-8/LWT", "--will-payload", "x", "-W", "10");
        (int _, string errors) = await client.WaitAsync();

        Assert.Contains("not authori", errors, StringComparison.OrdinalIgnoreCase);
        await RefusedAsync(world, "publishNotAuthorized");
    }

    [Fact]
    public async Task A_revoked_credential_ends_the_open_connection()
    {
        await using AccessWorld world = await MeterAsync();
        using RunningClient client = MosquittoClient.Start("mosquitto_sub", world.Server.MqttPort, "5", "-i", "meter-7", "-u", "gate-7", "-P", "p", "-t", "cmd/meter-7/#");
        await Wait.UntilAsync(async () => (await world.Server.Web.GetStringAsync("/metrics")).Contains("ioc_broker_sessions 1", StringComparison.Ordinal));

        await world.CommandAsync(null, "revoke", "gate-7");

        await RefusedAsync(world, "revoked");
    }

    [Fact]
    public async Task A_device_that_is_too_fast_is_slowed_down_and_loses_nothing()
    {
        const int messages = 60;
        await using AccessWorld world = await MeterAsync("--Mqtt:Limits:MessagesPerSecond", "20", "--Mqtt:Limits:BurstSeconds", "1", "--Mqtt:Limits:OnLoopback", "true");
        using RunningClient publisher = MosquittoClient.Start("mosquitto_pub", world.Server.MqttPort, "311", "-i", "meter-7", "-u", "gate-7", "-P", "p", "-t", "tele/meter-7/SENSOR", "-q", "1", "-l");
        var time = System.Diagnostics.Stopwatch.StartNew();

        for (int i = 0; i < messages; i++)
            await publisher.Input.WriteLineAsync(i.ToString(CultureInfo.InvariantCulture));
        publisher.Input.Close();

        Assert.Equal((0, ""), await publisher.WaitAsync());
        // Not a figure of speed: 60 messages at 20 a second after a burst of 20 cannot take less, wherever it runs.
        Assert.True(time.Elapsed.TotalSeconds > 1.0, $"took {time.Elapsed}");
        Assert.Equal(messages, (await world.Server.SettledAsync(messages)).Received);
    }

    [Fact]
    public async Task A_topic_that_is_too_deep_is_refused_for_publish_and_filter()
    {
        await using AccessWorld world = await MeterAsync("--Mqtt:Limits:MaxTopicLevels", "4");

        (int _, string errors) = await world.PublishAsync("5", "operator", "p", "a/b/c/d/e", client: "op");
        Assert.Contains("topic name invalid", errors, StringComparison.OrdinalIgnoreCase);
        await RefusedAsync(world, "topicInvalid", client: "op", user: "operator");

        using RunningClient deep = MosquittoClient.Start("mosquitto_sub", world.Server.MqttPort, "5", "-u", "operator", "-P", "p", "-t", "a/b/c/d/#", "-W", "10");
        Assert.Contains("subscription", (await deep.WaitAsync()).Errors, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<AccessWorld> MeterAsync(params string[] settings)
    {
        AccessWorld world = await AccessWorld.StartAsync(settings);
        await world.PostAsync("/api/credentials", new { userName = "gate-7", password = "p", device = "meter-7", publish = new[] { "tele/{device}/#" }, subscribe = new[] { "cmd/{device}/#" } });
        return world;
    }

    // Counted, shown by client, and nothing in the journal.
    private static async Task RefusedAsync(AccessWorld world, string reason, string client = "meter-7", string user = "gate-7")
    {
        await Wait.UntilAsync(async () => (await world.Server.BalanceAsync()).Refused.ContainsKey(reason), seconds: 20, $"{reason} is counted");
        JsonElement refused = (await world.Server.GetAsync("/api/ingest/refusals")).GetProperty("items")[0];

        Assert.Equal((client, user, reason), (refused.GetProperty("clientId").GetString(), refused.GetProperty("userName").GetString(), refused.GetProperty("reason").GetString()));
        Assert.True(refused.GetProperty("counts").GetProperty(reason).GetInt64() >= 1);
        Balance balance = await world.Server.BalanceAsync();
        Assert.Equal((0, 0), (balance.Received, balance.Difference));
    }
}
