using System.Globalization;
using System.Text.Json;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>What was acknowledged survives the death of the process: the real server, a foreign client, SIGKILL.</summary>
public sealed class CrashTests
{
    private const int Devices = 40;

    private static bool Long => Environment.GetEnvironmentVariable("IOC_LONG_TESTS") == "1";

    private static int Messages => Long ? 200_000 : 8_000;

    private static int Kills => Long ? 40 : 2;

    [Theory]
    [InlineData(4, 1, 101)]
    [InlineData(5, 1, 102)]
    [InlineData(4, 2, 103)]
    [InlineData(5, 2, 104)]
    public async Task After_SIGKILL_at_random_moments_no_message_is_missing_and_none_is_doubled(int protocolVersion, int qos, int seed)
    {
        string client = await ForeignClients.PublisherAsync();
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        IocProcess server = await IocProcess.StartAsync(folder.FullName);
        try
        {
            int port = server.MqttPort;
            using ForeignClient publisher = ForeignClients.Start(client, "--port", Text(port), "--count", Text(Messages), "--devices", Text(Devices), "--version", Text(protocolVersion), "--qos", Text(qos));
            for (int kill = 1; kill <= Kills && !publisher.HasExited; kill++)
            {
                await FlowAsync(server, publisher);
                // Any moment: while messages come in, are flushed, decoded, stored, or a segment is prepared.
                await Task.Delay(random.Next(0, Long ? 1_500 : 150), TestContext.Current.CancellationToken);
                await server.KillAsync();
                await server.DisposeAsync();
                server = await IocProcess.StartAsync(folder.FullName, port);
                Assert.DoesNotContain("are lost", server.Output, StringComparison.Ordinal);
            }

            await publisher.PublishesAsync(Messages, () => server, Long ? 1_200 : 300);
            Balance balance = await server.SettledAsync(Messages, 120);
            Assert.Equal(0, balance.Difference);
            Assert.Equal(Messages, balance.Stored);
            // [MQTT-4.3.3-10] QoS 1 may bring a message twice; QoS 2 puts it into the journal once, whatever happens between the packets.
            if (qos == 2)
                Assert.Equal((Messages, 0), (balance.Received, balance.Duplicate));

            List<int> sequences = await StoredSequencesAsync(server);
            Assert.Empty(Enumerable.Range(0, Messages).Except(sequences)); // missing
            Assert.Equal(sequences.Count, sequences.Distinct().Count()); // doubled
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Waits until messages come in, so that a kill hits something.</summary>
    private static async Task FlowAsync(IocProcess server, ForeignClient publisher)
    {
        long before = (await server.BalanceAsync()).Received;
        await Wait.UntilAsync(async () => publisher.HasExited || (await server.BalanceAsync()).Received > before + 200, 60, "messages come in");
    }

    private static async Task<List<int>> StoredSequencesAsync(IocProcess server)
    {
        var sequences = new List<int>();
        for (int device = 0; device < Devices; device++)
        {
            JsonElement page = await server.GetAsync($"/api/devices/crash-{device}/readings?metric=active_power&from=2026-10-31T00:00:00Z&to=2026-11-03T00:00:00Z&limit=10000");
            Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
            sequences.AddRange(page.GetProperty("items").EnumerateArray().Select(item => (int)item.GetProperty("value").GetDouble()));
        }

        return sequences;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
