using System.IO.Pipelines;
using Ioc.Broker.Connections;
using Ioc.Testing;
using Ioc.Tests.Broker.Sessions;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Ioc.Tests.Broker.Connections;

/// <summary>A connection that cannot be written to any more ends, whatever its read loop is doing.</summary>
public class BrokenWriterTests
{
    [Fact]
    public async Task A_flood_whose_sender_is_gone_ends_though_its_reader_waits_for_room()
    {
        using var world = new BrokerWorld();
        var input = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 4_096, resumeWriterThreshold: 1_024));
        var context = new DefaultConnectionContext("flood", new Duplex(input.Reader, output.Writer), application: null!);
        Task running = new Connection(context, world.State).RunAsync();

        await input.Writer.WriteAsync(Packets.Connect(keepAlive: 0), TestContext.Current.CancellationToken);
        byte[] pings = [.. Enumerable.Repeat(Packets.Pingreq(), 50_000).SelectMany(ping => ping)];
        await input.Writer.WriteAsync(pings, TestContext.Current.CancellationToken);

        // Answers fill the transport and nobody takes them: the writer waits, and in the middle of the flood the read loop too.
        await output.Reader.ReadAtLeastAsync(5_000, TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        await output.Reader.CompleteAsync();

        await running.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0, world.State.Sessions.Count);
    }

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

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
