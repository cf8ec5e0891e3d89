using System.Diagnostics;
using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.SystemTests.Storage;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>A thousand publishers at full speed against a store that accepts and never answers: the journal fills, then they wait; memory does not grow.</summary>
[Collection("Hostile")]
public sealed class BackPressureTests
{
    // The journal's budget in bytes. Few megabytes, so that it fills in seconds.
    private const int Budget = 24 << 20;

    [Fact]
    public async Task Memory_is_bounded_nothing_acknowledged_is_lost_and_service_resumes_when_the_store_does()
    {
        int count = HostileWorld.IsLong ? 2_000_000 : 150_000;
        await using InfluxServer influx = await InfluxServer.StartNewAsync();
        await using HostileWorld world = await HostileWorld.StartAsync(
            "--Storage:Kind", "influx", "--Storage:Influx:Url", influx.Url, "--Storage:Influx:TimeoutSeconds", "2",
            "--Journal:SegmentBytes", "1048576", "--Journal:BudgetBytes", Budget.ToString(CultureInfo.InvariantCulture), "--Journal:BufferBytes", "1048576", "--Journal:MaxRecordBytes", "524288");
        await world.Server.SettledAsync(1);
        await influx.FreezeAsync();
        using Process load = StartLoad(world, count);
        try
        {
            Task<string> told = load.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

            // The wall: the journal takes no more, and what was received stays where it is.
            await Wait.UntilAsync(async () => load.HasExited || await RefusesAsync(world), 60, "the journal is full");
            Assert.False(load.HasExited, "the load ended before the journal was full");
            long received = (await world.Server.BalanceAsync()).Received;
            for (int i = 0; i < 3; i++)
                Assert.True(await RefusesAsync(world));
            Balance full = await world.Server.BalanceAsync();
            Assert.Equal((received, 0), (full.Received, full.Difference));
            Assert.True(await world.MetricAsync("ioc_journal_kept_bytes") <= Budget);
            Assert.InRange(received, 10_000, count - 1);

            await influx.ThawAsync();
            string report = await told;
            await load.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Contains($"messages={count}", report, StringComparison.Ordinal);
        }
        finally
        {
            if (!load.HasExited)
                load.Kill();
            await influx.ThawAsync();
        }

        Balance settled = await world.Server.SettledAsync(count, 120);
        Assert.Equal(0, settled.Difference);
        Assert.True(settled.Stored >= count, $"{settled.Stored} stored of {count} acknowledged");
        await world.CalmAsync($"1,000 publishers, {count} messages, stopped store", peakMebibytes: 500);
    }

    private static Process StartLoad(HostileWorld world, int count) => Process.Start(new ProcessStartInfo("dotnet",
        [
            Programs.Load, "publish", "--count", count.ToString(CultureInfo.InvariantCulture), "--connections", "1000", "--meters", "1",
            "--port", world.Server.MqttPort.ToString(CultureInfo.InvariantCulture),
        ])
    { RedirectStandardOutput = true })!;

    // A 5.0 client is told that the quota is used up; one of 3.1.1 waits unread.
    private static async Task<bool> RefusesAsync(HostileWorld world)
    {
        await using RawClient client = await world.ConnectAsync(Packets.Connect("asker", level: 5));
        await client.SendAsync(Packets.Publish("normal/client", qos: 1, packetId: 5, properties: []));
        return await client.ReadOrEndAsync() is [0x40, _, 0, 5, 0x97, ..];
    }
}
