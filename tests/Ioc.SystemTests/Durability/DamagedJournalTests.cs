using System.Globalization;
using System.Text;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>A bad sector costs the messages that lie on it, and nothing else.</summary>
public sealed class DamagedJournalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_starts_on_a_damaged_journal_and_says_what_is_lost(bool storeHasSeenIt)
    {
        Programs.Need("mosquitto_pub");
        Programs.Need("mosquitto_sub");
        using var folder = new TemporaryFolder();
        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName))
        {
            foreach (int watts in (int[])[701, 702, 703])
                await PublishRetainedAsync(server, watts);
            await server.SettledAsync(3);
            Assert.Equal(0, await server.StopAsync());
        }

        Damage(folder.File("data/journal"), "\"Power\":702");
        // With its snapshot the server need not read the damaged place for sessions and retained messages at all.
        foreach (string snapshot in Directory.GetFiles(folder.File("data/journal"), "sessions.snapshot*"))
            File.Delete(snapshot);
        if (!storeHasSeenIt)
            File.Delete(folder.File("data/readings.duckdb"));

        await using (IocProcess server = await IocProcess.StartAsync(folder.FullName))
        {
            Balance balance = await server.SettledAsync(3);
            Assert.Equal((3, storeHasSeenIt ? 3 : 2, 0), (balance.Received, balance.Stored, balance.Difference));
            Assert.Equal(storeHasSeenIt ? 0 : 1, balance.Quarantined.GetValueOrDefault("journalDamaged"));

            JsonElement[] aside = [.. (await server.GetAsync("/api/quarantine")).GetProperty("items").EnumerateArray()];
            Assert.Equal(storeHasSeenIt ? [] : ["journalDamaged"], aside.Select(entry => entry.GetProperty("reason").GetString()));
            Assert.Contains("A session change or retained message may be lost", server.Output, StringComparison.Ordinal);
            Assert.Contains("\"Power\":703", await RetainedAsync(server), StringComparison.Ordinal);
        }
    }

    private static void Damage(string journal, string text)
    {
        string segment = Assert.Single(Directory.GetFiles(journal, "*.segment"));
        byte[] bytes = File.ReadAllBytes(segment);
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        Assert.True(at > 0);
        bytes[at] ^= 0xFF;
        File.WriteAllBytes(segment, bytes);
    }

    private static Task PublishRetainedAsync(IocProcess server, int watts) => Programs.RunAsync(
        "mosquitto_pub",
        ["-p", Port(server), "-q", "1", "-r", "-t", $"tele/meter-{watts}/SENSOR", "-s"],
        string.Create(CultureInfo.InvariantCulture, $$$"""{"Time":"2026-11-22T08:00:00","ENERGY":{"Power":{{{watts}}}}}"""));

    private static Task<string> RetainedAsync(IocProcess server) =>
        Programs.RunAsync("mosquitto_sub", ["-p", Port(server), "-t", "tele/meter-703/SENSOR", "-C", "1", "-W", "10"]);

    private static string Port(IocProcess server) => server.MqttPort.ToString(CultureInfo.InvariantCulture);
}
