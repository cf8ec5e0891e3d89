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
        using ForeignClient subscriber = ForeignClients.Start(subscribing, "--port", Text(world.Port), "--filter", "tele/#", "--version", Text(protocolVersion), "--qos", Text(qos));
        await subscriber.PrintsAsync("subscribed");

        using ForeignClient publisher = ForeignClients.Start(publishing, "--port", Text(world.Port), "--count", Text(Messages), "--devices", "40", "--version", Text(protocolVersion), "--qos", "2");
        for (int kill = 1; kill <= Kills; kill++)
        {
            // Soon or late: the publisher may still be busy sending again what was unacknowledged at the last kill.
            int enough = subscriber.Lines.Count + random.Next(1, 200);
            await Wait.UntilAsync(() => subscriber.Lines.Count > enough || publisher.HasExited, 60, "messages come out");
            await Task.Delay(random.Next(0, 150), TestContext.Current.CancellationToken);
            await world.KillAndRestartAsync();
        }

        await publisher.PublishesAsync(Messages, () => world.Server, Long ? 1_200 : 300);
        await Wait.UntilAsync(() => Numbers(subscriber).Distinct().Count() == Messages, 60, () => $"every number comes out, not only {Numbers(subscriber).Distinct().Count()}; {world.Server.Said()}");
        Assert.Equal(Messages, (await world.Server.SettledAsync(Messages)).Received);

        Assert.DoesNotContain("present false", subscriber.Lines);
        Assert.DoesNotContain(subscriber.Lines, line => line.StartsWith("error", StringComparison.Ordinal) || line.StartsWith("failed", StringComparison.Ordinal));
        if (qos == 2)
            Assert.Equal(Messages, Numbers(subscriber).Count());
    }

    private static IEnumerable<int> Numbers(ForeignClient subscriber) =>
        subscriber.Lines.Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => int.Parse(line, CultureInfo.InvariantCulture));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
