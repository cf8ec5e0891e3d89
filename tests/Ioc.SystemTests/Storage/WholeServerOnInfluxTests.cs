using System.Globalization;
using System.Net;
using System.Text.Json;
using Ioc.SystemTests.Intake;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Storage;

/// <summary>The product as a site runs it that has an InfluxDB: the real server, a real influxd, a foreign publisher.</summary>
public sealed class WholeServerOnInfluxTests
{
    private const string Readings = "/api/devices/meter/readings?metric=active_power&from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&limit=100";

    [Fact]
    public async Task Messages_are_stored_read_and_counted_though_the_database_goes_away_and_the_server_restarts_meanwhile()
    {
        Programs.Need("mosquitto_pub");
        await using InfluxServer influx = await InfluxServer.StartNewAsync();
        using var folder = new TemporaryFolder();
        string[] onInflux = ["--Storage:Kind", "influx", "--Storage:Influx:Url", influx.Url, "--Storage:Influx:TimeoutSeconds", "2"];
        IocProcess? server = null;
        try
        {
            server = await IocProcess.StartAsync(folder.FullName, 0, onInflux);
            await PublishAsync(server, 1);
            await PublishAsync(server, 2);
            Assert.Equal((2, 2, 0), Figures(await server.SettledAsync(2)));
            Assert.Equal([1, 2], await ValuesAsync(server));

            // Away: what arrives is acknowledged, kept in the journal, and shown as in flight.
            await influx.StopAsync();
            await PublishAsync(server, 3);
            Balance away = await server.BalanceAsync();
            Assert.Equal((3, 2, 1, 0), (away.Received, away.Stored, away.InFlight, away.Difference));

            // History says why it cannot be shown; the newest values still are.
            using (HttpResponseMessage history = await server.Web.GetAsync(Readings, TestContext.Current.CancellationToken))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, history.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await server.Web.GetAsync("/api/devices/meter", TestContext.Current.CancellationToken)).StatusCode);

            // A restart without the database loses nothing and keeps taking messages in.
            Assert.Equal(0, await server.StopAsync());
            await server.DisposeAsync();
            server = null;
            server = await IocProcess.StartUnreadyAsync(folder.FullName, 0, onInflux);
            await PublishAsync(server, 4);
            Assert.Equal(2, (await server.BalanceAsync()).Stored);

            await influx.StartAsync();
            Assert.Equal((4, 4, 0), Figures(await server.SettledAsync(4)));
            Assert.Equal([1, 2, 3, 4], await ValuesAsync(server));
            await Wait.UntilAsync(async () => (await server.GetAsync("/api/devices/meter")).GetProperty("latest").EnumerateArray().Any(IsFour), 10, "the newest value is shown");
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    private static bool IsFour(JsonElement latest) => latest.GetProperty("metric").GetString() == "active_power" && latest.GetProperty("value").GetDouble() == 4;

    private static (long Received, long Stored, long Difference) Figures(Balance balance) => (balance.Received, balance.Stored, balance.Difference);

    private static Task PublishAsync(IocProcess server, int watts) => FirstMessageTests.PublishAsync(server, "5", "tele/meter/SENSOR", string.Create(
        CultureInfo.InvariantCulture, $$$"""{"Time":"2026-11-22T08:00:{{{watts:00}}}","ENERGY":{"Power":{{{watts}}}}}"""));

    private static async Task<IEnumerable<double>> ValuesAsync(IocProcess server) =>
        (await server.GetAsync(Readings)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("value").GetDouble());
}
