using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Simulators;

/// <summary>ioc-sim as its user starts it, against a broker that is not ours.</summary>
public sealed partial class SimulatorTests
{
    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5")]
    public async Task A_broker_that_restarts_in_mid_stream_costs_no_message(string version)
    {
        Programs.Need("mosquitto");
        Programs.Need("mosquitto_sub");
        const int Count = 40_000;
        await using var broker = new MosquittoServer();
        await broker.StartAsync();
        using var listener = new MosquittoSubscriber(broker.Port, "tele/+/SENSOR", "probe");
        await ListensAsync(broker, listener);

        Task<string> load = Programs.RunAsync("dotnet", [Programs.Simulator, "--port", Text(broker.Port), "--mqtt", version, "--rate", "0", "--count", Text(Count), "--connections", "4", "--window", "100"]);
        await Wait.UntilAsync(() => broker.ReceivedCount > Count / 4);
        await broker.StopAsync();
        Assert.False(load.IsCompleted, "the load was over before the broker went");
        await broker.StartAsync();
        string said = await load;

        Assert.Contains($"sent {Count}, acknowledged {Count}", said, StringComparison.Ordinal);
        // As the other side saw it: repetitions were marked as such, and everything arrived.
        Assert.InRange(broker.ReceivedAgainCount, 1, 4 * 100);
        Assert.Equal(broker.ReceivedAgainCount, int.Parse(SentAgain().Match(said).Groups[1].Value, CultureInfo.InvariantCulture));
        await Wait.UntilAsync(() => Distinct(listener) >= Count, seconds: 60);
        Assert.Equal(Count, Distinct(listener));
    }

    [Fact]
    public async Task The_demo_fleet_speaks_within_its_period_and_leaves_when_its_parent_does()
    {
        Programs.Need("mosquitto");
        Programs.Need("mosquitto_sub");
        await using var broker = new MosquittoServer();
        await broker.StartAsync();
        using var listener = new MosquittoSubscriber(broker.Port, "#");
        await ListensAsync(broker, listener);

        using Process city = Play(broker.Port, Path.Combine(Programs.Root(), "seeds", "demo"));
        // 60 detectors, 20 radar counters, 40 air, 25 level and 20 rain stations, 6 concentrators, 20 and 30 meters, 40 desks, and
        // 30 cabinets with 13 topics each. Topics are per device but for the cabinets.
        await Wait.UntilAsync(() => Topics(listener).Count(topic => topic != "probe") == 60 + 20 + 40 + 25 + 20 + 6 + 20 + 30 + 40 + 30 * 13, seconds: 60);
        city.StandardInput.Close();
        string said = await city.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await city.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, city.ExitCode);
        Match end = Totals().Matches(said)[^1];
        Assert.Equal(end.Groups[1].Value, end.Groups[2].Value);
        Assert.Equal(broker.ReceivedCount, int.Parse(end.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_device_that_dies_is_told_by_its_firmwares_last_will()
    {
        Programs.Need("mosquitto");
        Programs.Need("mosquitto_sub");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("devices.csv"), """
            key,name,family,profile,period_s,parent,params
            pow-x,Plug,electricity,tasmota-energy,1,,
            AABBCC,Cabinet,lighting,shelly-3em-gen1,1,,lamp_w=900
            """, TestContext.Current.CancellationToken);
        await using var broker = new MosquittoServer();
        await broker.StartAsync();
        using var listener = new MosquittoSubscriber(broker.Port, "tele/+/LWT", "shellies/+/online", "probe");
        await ListensAsync(broker, listener);

        using Process devices = Play(broker.Port, folder.FullName, "--connections", "0");
        await Wait.UntilAsync(() => listener.Lines.Contains("tele/pow-x/LWT Online") && listener.Lines.Contains("shellies/shellyem3-AABBCC/online true"));
        devices.Kill();

        await Wait.UntilAsync(() => listener.Lines.Contains("tele/pow-x/LWT Offline") && listener.Lines.Contains("shellies/shellyem3-AABBCC/online false"));
    }

    [Fact]
    public async Task A_fleet_file_with_errors_plays_nothing_and_names_the_lines()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("devices.csv"), "key,name,family,profile,period_s,parent,params\na,A,air,nonesuch,10,,\n", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Programs.RunAsync("dotnet", [Programs.Simulator, "--seeds", folder.FullName, "--port", "9"]));

        Assert.Contains("ended with 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{folder.File("devices.csv")}:2: profile 'nonesuch' has no encoder here", refused.Message, StringComparison.Ordinal);
    }

    private static Process Play(int port, string seeds, params string[] more) => Process.Start(new ProcessStartInfo(
        "dotnet", [Programs.Simulator, "--seeds", seeds, "--port", Text(port), "--until-stdin-closes", .. more])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    // A subscription has begun when the first message comes through.
    private static Task ListensAsync(MosquittoServer broker, MosquittoSubscriber listener) => Wait.UntilAsync(async () =>
    {
        await Programs.RunAsync(Programs.Find("mosquitto_pub")!, ["-h", "127.0.0.1", "-p", Text(broker.Port), "-q", "1", "-t", "probe", "-m", "?"]);
        return listener.Lines.Count > 0;
    });

    private static int Distinct(MosquittoSubscriber listener) =>
        listener.Lines.Where(line => line.StartsWith("tele/load-", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal).Count;

    private static HashSet<string> Topics(MosquittoSubscriber listener) =>
        [.. listener.Lines.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)])];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("sent again ([0-9]+)")]
    private static partial Regex SentAgain();

    [GeneratedRegex("sent ([0-9]+), acknowledged ([0-9]+)")]
    private static partial Regex Totals();
}
