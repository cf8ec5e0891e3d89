using System.Globalization;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Broker;

/// <summary>Two of our servers, one a client of the other: a district's and the province's.</summary>
public sealed class OwnClientTests
{
    private const int Messages = 1_000;

    [Theory]
    [InlineData("3.1.1", 1)]
    [InlineData("5", 2)]
    public async Task What_a_foreign_client_publishes_here_is_in_the_journal_of_the_server_that_subscribes_here_once_though_this_one_dies(string version, int qos)
    {
        Programs.Need("mosquitto_pub");
        using var districtFolder = new TemporaryFolder();
        using var provinceFolder = new TemporaryFolder();
        IocProcess district = await IocProcess.StartAsync(districtFolder.FullName);
        try
        {
            (string Key, string Value)[] settings =
            [
                ("Name", "district"), ("Host", "localhost"), ("Port", Text(district.MqttPort)), ("ClientId", "province"),
                ("Filters:0", "tele/#"), ("Version", version), ("Qos", Text(qos)),
            ];
            await using IocProcess province = await IocProcess.StartAsync(
                provinceFolder.FullName, 0, [.. settings.SelectMany(setting => (string[])[$"--Mqtt:Upstreams:0:{setting.Key}", setting.Value])]);
            await SubscribedAsync(province);

            await PublishAsync(district, 0, Messages / 2);
            int port = district.MqttPort;
            await district.KillAsync();
            await district.DisposeAsync();
            district = await IocProcess.StartAsync(districtFolder.FullName, port);
            await PublishAsync(district, Messages / 2, Messages / 2);

            Balance there = await district.SettledAsync(Messages);
            Balance here = await province.SettledAsync(Messages);
            Assert.Equal((Messages, Messages, 0), (there.Received, there.Stored, there.Difference));
            Assert.Equal((Messages, 0), (here.Stored, here.Difference));
            if (qos == 2)
                Assert.Equal(Messages, here.Received);
        }
        finally
        {
            await district.DisposeAsync();
        }
    }

    private static Task SubscribedAsync(IocProcess server) => Wait.UntilAsync(
        async () =>
        {
            JsonElement state = (await server.GetAsync("/api/ingest/upstreams")).GetProperty("items")[0];
            return state.GetProperty("state").GetString() == "connected"
                && state.GetProperty("subscriptions").EnumerateArray().All(subscription => subscription.GetProperty("grantedQos").ValueKind == JsonValueKind.Number);
        },
        what: "the province has subscribed at the district");

    private static Task PublishAsync(IocProcess server, int first, int count)
    {
        IEnumerable<string> lines = Enumerable.Range(first, count).Select(number =>
            $$$"""{"Time":"{{{new DateTime(2026, 11, 1).AddSeconds(number).ToString("s", CultureInfo.InvariantCulture)}}}","ENERGY":{"Power":{{{number}}}}}""");
        return Programs.RunAsync("mosquitto_pub", ["-p", Text(server.MqttPort), "-q", "2", "-t", "tele/district/SENSOR", "-l"], string.Join('\n', lines) + "\n");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
