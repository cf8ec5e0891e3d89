using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Connections;

/// <summary>A connection that cannot be written to any more ends, whatever its read loop is doing.</summary>
public class BrokenWriterTests
{
    [Fact]
    public async Task A_subscriber_whose_messages_cannot_be_read_from_the_journal_is_closed_and_others_are_not()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("TailBytes", "1048576"), ("MaxPacketBytes", "1000000"));
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("subscriber", level: 5));
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("publisher"));
        await subscriber.SendAsync(Packets.Subscribe("#", properties: []));
        await subscriber.ReadAsync();
        host.Journal.BreakReads();

        // Too large for the tail in memory.
        await publisher.SendAsync(Packets.Publish("a", new string('x', 400_000), qos: 1, packetId: 7));

        Assert.Equal([0x40, 2, 0, 7], await publisher.ReadAsync());
        await subscriber.ReadToEndAsync();
        await publisher.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await publisher.ReadAsync());
        await Wait.UntilAsync(() => host.Counters.Connections == 1);
    }
}
