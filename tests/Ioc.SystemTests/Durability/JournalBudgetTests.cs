using System.Globalization;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>A journal of the smallest size goes round and round: what everybody has read makes room for what comes.</summary>
public sealed class JournalBudgetTests
{
    private const int Messages = 40_000;

    /// <summary>Two segments of 1 MiB; the messages of these tests fill several.</summary>
    internal static readonly string[] TwoSegments =
        ["--Journal:SegmentBytes", "1048576", "--Journal:BudgetBytes", "2097152", "--Journal:BufferBytes", "1048576", "--Journal:MaxRecordBytes", "524288"];

    // A snapshot of the sessions keeps the journal from the one before it on. Neither may stand in the way for longer than a moment.
    [Theory]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    public async Task Publishers_go_on_through_a_journal_of_two_segments_when_everything_was_read(int protocolVersion, int qos)
    {
        string client = await ForeignClients.PublisherAsync();
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, TwoSegments);
        using ForeignClient publisher = ForeignClients.Start(client, "--port", Text(server.MqttPort), "--count", Text(Messages), "--devices", "40", "--version", Text(protocolVersion), "--qos", Text(qos));
        await publisher.PublishesAsync(Messages, () => server);

        Balance balance = await server.SettledAsync(Messages, 60);
        Assert.Equal((Messages, Messages, 0), (balance.Received, balance.Stored, balance.Difference));
        Assert.InRange(Directory.GetFiles(folder.File("data/journal"), "*.segment").Length, 1, 2);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
