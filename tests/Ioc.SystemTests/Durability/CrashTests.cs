using System.Diagnostics;
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
    private const int Messages = 12_000;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task After_SIGKILL_in_mid_stream_no_message_is_missing_and_none_is_doubled(int protocolVersion)
    {
        string client = await ForeignClients.PublisherAsync();
        using var folder = new TemporaryFolder();
        IocProcess server = await IocProcess.StartAsync(folder.FullName);
        try
        {
            int port = server.MqttPort;
            using Process publisher = ForeignClients.Start(client, "--port", Text(port), "--count", Text(Messages), "--devices", Text(Devices), "--version", Text(protocolVersion));
            Task<string> told = publisher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            try
            {
                // Twice, at moments that the traffic chooses: some readings are stored, some are in flight, some not sent yet.
                for (int kill = 1; kill <= 2; kill++)
                {
                    long enough = kill * Messages / 4;
                    IocProcess running = server;
                    await Wait.UntilAsync(async () => (await running.BalanceAsync()).Received >= enough, 60, $"{enough} messages received");
                    await server.KillAsync();
                    await server.DisposeAsync();
                    server = await IocProcess.StartAsync(folder.FullName, port);
                }

                Assert.Contains($"published {Messages} acknowledged {Messages}", await told, StringComparison.Ordinal);
            }
            finally
            {
                if (!publisher.HasExited)
                    publisher.Kill();
            }

            Balance balance = await server.SettledAsync(Messages);
            Assert.Equal(0, balance.Difference);
            Assert.Equal(Messages, balance.Stored);

            List<int> sequences = await StoredSequencesAsync(server);
            Assert.Empty(Enumerable.Range(0, Messages).Except(sequences)); // missing
            Assert.Equal(sequences.Count, sequences.Distinct().Count()); // doubled
        }
        finally
        {
            await server.DisposeAsync();
        }
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
