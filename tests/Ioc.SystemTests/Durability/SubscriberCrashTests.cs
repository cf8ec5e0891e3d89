using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>From a foreign publisher to a foreign subscriber, through a server that dies again and again in the middle of it.</summary>
public sealed class SubscriberCrashTests
{
    private static bool Long => Environment.GetEnvironmentVariable("IOC_LONG_TESTS") == "1";

    private static int Messages => Long ? 100_000 : 5_000;

    private static int Kills => Long ? 30 : 2;

    // Published at QoS 2 always: what comes twice would come twice by the server's fault.
    [Theory]
    [InlineData(4, 1, 201)]
    [InlineData(5, 1, 202)]
    [InlineData(4, 2, 203)]
    [InlineData(5, 2, 204)]
    public async Task A_subscriber_gets_everything_though_the_server_is_killed_while_it_delivers_and_at_QoS_2_nothing_twice(int protocolVersion, int qos, int seed)
    {
        string publishing = await ForeignClients.PublisherAsync();
        string subscribing = await ForeignClients.SubscriberAsync();
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        await using var world = await RestartingServer.StartAsync(folder);
        var lines = new ConcurrentQueue<string>();
        using Process subscriber = ForeignClients.Start(subscribing, "--port", Text(world.Port), "--filter", "tele/#", "--version", Text(protocolVersion), "--qos", Text(qos));
        subscriber.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "end");
        subscriber.BeginOutputReadLine();
        await Wait.UntilAsync(() => lines.Contains("subscribed"), what: "the foreign subscriber has subscribed");

        using Process publisher = ForeignClients.Start(publishing, "--port", Text(world.Port), "--count", Text(Messages), "--devices", "40", "--version", Text(protocolVersion), "--qos", "2");
        Task<string> told = publisher.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            for (int kill = 1; kill <= Kills; kill++)
            {
                int before = lines.Count;
                await Wait.UntilAsync(() => lines.Count > before + 200 || publisher.HasExited, 60, "messages come out");
                await Task.Delay(random.Next(0, 150), TestContext.Current.CancellationToken);
                await world.KillAndRestartAsync();
            }

            Assert.Contains($"published {Messages} acknowledged {Messages}", await told.WaitAsync(TimeSpan.FromMinutes(Long ? 20 : 2), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await Wait.UntilAsync(() => Numbers(lines).Distinct().Count() == Messages, 60, "every number has come out");
            Assert.Equal(Messages, (await world.Server.SettledAsync(Messages)).Received);

            Assert.DoesNotContain("present false", lines);
            Assert.DoesNotContain(lines, line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("failed", StringComparison.Ordinal));
            if (qos == 2)
                Assert.Equal(Messages, Numbers(lines).Count());
        }
        finally
        {
            foreach (Process process in (Process[])[publisher, subscriber])
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
    }

    private static IEnumerable<int> Numbers(IEnumerable<string> lines) =>
        lines.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => int.Parse(line, CultureInfo.InvariantCulture));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
