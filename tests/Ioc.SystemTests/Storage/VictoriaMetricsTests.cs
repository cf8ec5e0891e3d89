using System.Diagnostics;
using Ioc.Storage;
using Ioc.Storage.Influx;
using Ioc.Storage.Operational;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Storage;

/// <summary>The second write interface against a real server that has it.</summary>
public sealed class VictoriaMetricsTests
{
    [Fact]
    public async Task The_second_interface_takes_our_lines()
    {
        string binary = InfluxServer.FindOrSkip("victoria-metrics", "victoria-metrics");
        using var folder = new TemporaryFolder();
        string url = $"http://127.0.0.1:{InfluxServer.FreePort()}";
        using Process server = Process.Start(new ProcessStartInfo(
            binary, [$"-httpListenAddr={url[7..]}", $"-storageDataPath={folder.File("data")}", "-retentionPeriod=10y"])
        { RedirectStandardError = true })!;
        server.BeginErrorReadLine();
        try
        {
            using var database = new OperationalDatabase(folder.File("operational.db"));
            var world = new StoreWorld();
            world.Options.Influx.Api = InfluxApi.V2;
            world.Options.Influx.Org = "gialai";
            world.Options.Influx.Bucket = "ioc";
            await using InfluxReadingStore store = await world.OpenInfluxAsync(database, url);

            await store.ConsumeAsync(world.Batch(0, 10), TestContext.Current.CancellationToken);
            await StoreWorld.SettleAsync(store);

            using var http = new HttpClient();
            await http.GetAsync(new Uri($"{url}/internal/force_flush"), TestContext.Current.CancellationToken);
            string exported = await http.GetStringAsync(new Uri($"{url}/api/v1/export?match[]=active_power_value&start=0"), TestContext.Current.CancellationToken);
            Assert.Contains("\"values\":[0,1,2,3,4,5,6,7,8,9]", exported, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }
}
