using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>Sessions, retained messages and wills outlive the death of the server: a client of bytes that dies wherever it hurts.</summary>
public sealed class SessionCrashTests
{
    private const string Reading = """{"Time":"2026-11-22T08:00:00","ENERGY":{"Power":7}}""";

    // [MQTT-4.3.3-10], [MQTT-4.4.0-1]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_publisher_that_died_between_PUBREC_and_PUBREL_ends_its_exchange_after_a_restart_and_the_message_counts_once(bool v5)
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        using (RawClient client = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            await client.PublishAsync("tele/raw/SENSOR", Reading, qos: 2, packetId: 7);
            await client.AcknowledgedAsync(RawClient.Pubrec, 7);
        }

        // Did PUBREC arrive? A careful client sends the message again; it is the same one, before and after another restart.
        await world.KillAndRestartAsync();
        using (RawClient client = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            Assert.True(client.SessionPresent);
            await client.PublishAsync("tele/raw/SENSOR", Reading, qos: 2, packetId: 7, dup: true);
            await client.AcknowledgedAsync(RawClient.Pubrec, 7);
        }

        await world.KillAndRestartAsync();
        using (RawClient client = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            Assert.True(client.SessionPresent);
            await client.AcknowledgeAsync(RawClient.Pubrel, 7);
            await client.AcknowledgedAsync(RawClient.Pubcomp, 7);
        }

        Assert.Equal(1, (await world.Server.SettledAsync(1)).Received);

        // The packet id is free, over a restart too: the next message under it is another one.
        await world.KillAndRestartAsync();
        using (RawClient client = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            await client.PublishAsync("tele/raw/SENSOR", Reading.Replace("08:00:00", "08:00:01", StringComparison.Ordinal), qos: 2, packetId: 7);
            await client.AcknowledgedAsync(RawClient.Pubrec, 7);
            await client.AcknowledgeAsync(RawClient.Pubrel, 7);
            await client.AcknowledgedAsync(RawClient.Pubcomp, 7);
        }

        Balance balance = await world.Server.SettledAsync(2);
        Assert.Equal((2, 2, 0, 0), (balance.Received, balance.Stored, balance.Duplicate, balance.Difference));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscriber_that_was_away_finds_its_session_and_everything_published_meanwhile(bool v5)
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        using (RawClient subscriber = await RawClient.ConnectAsync(world.Port, "room", v5))
        {
            Assert.False(subscriber.SessionPresent);
            await subscriber.SubscribeAsync("once/#", 2);
            await subscriber.SubscribeAsync("least/#", 1);
        }

        using (RawClient publisher = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            for (ushort number = 1; number <= 20; number++)
            {
                await publisher.PublishAsync("least/a", $"{number}", qos: 1, packetId: number);
                await publisher.AcknowledgedAsync(RawClient.Puback, number);
                await publisher.PublishAsync("once/a", $"{number}", qos: 2, packetId: number);
                await publisher.AcknowledgedAsync(RawClient.Pubrec, number);
                await publisher.AcknowledgeAsync(RawClient.Pubrel, number);
                await publisher.AcknowledgedAsync(RawClient.Pubcomp, number);
            }
        }

        // Two restarts, the second after an orderly end: from the journal, and from a snapshot.
        await world.KillAndRestartAsync();
        await world.StopAndRestartAsync();
        using RawClient back = await RawClient.ConnectAsync(world.Port, "room", v5);
        Assert.True(back.SessionPresent);
        var least = new List<string>();
        var once = new List<string>();
        while (least.Count + once.Count < 40)
        {
            RawPacket packet = await back.ReceiveAsync();
            if (packet.First == RawClient.Pubrel)
            {
                await back.AcknowledgeAsync(RawClient.Pubcomp, packet.PacketId);
                continue;
            }

            (packet.Topic == "once/a" ? once : least).Add(packet.Payload);
            Assert.Equal(packet.Topic == "once/a" ? 2 : 1, packet.Qos);
            await back.AcknowledgeAsync(packet.Qos == 2 ? RawClient.Pubrec : RawClient.Puback, packet.PacketId);
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}"), least);
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}"), once);
    }

    // [MQTT-4.4.0-1], [MQTT-4.3.3-4]: what stood when the server died goes on, under the old packet ids.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delivery_that_the_death_of_the_server_interrupted_goes_on_where_it_stood(bool v5)
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        using RawClient subscriber = await RawClient.ConnectAsync(world.Port, "room", v5);
        await subscriber.SubscribeAsync("once/#", 2);
        using (RawClient publisher = await RawClient.ConnectAsync(world.Port, "meter", v5))
        {
            for (ushort number = 1; number <= 3; number++)
            {
                await publisher.PublishAsync("once/a", $"{number}", qos: 2, packetId: number);
                await publisher.AcknowledgedAsync(RawClient.Pubrec, number);
            }
        }

        // The first is received and not released, the second sent and not answered, as is the third.
        ushort[] ids = new ushort[3];
        for (int i = 0; i < 3; i++)
            ids[i] = (await subscriber.MessageAsync()).PacketId;
        await subscriber.AcknowledgeAsync(RawClient.Pubrec, ids[0]);
        await subscriber.AcknowledgedAsync(RawClient.Pubrel, ids[0]);
        await world.KillAndRestartAsync();

        using RawClient again = await RawClient.ConnectAsync(world.Port, "room", v5);
        Assert.True(again.SessionPresent);
        await again.AcknowledgedAsync(RawClient.Pubrel, ids[0]);
        RawPacket second = await again.MessageAsync();
        RawPacket third = await again.MessageAsync();
        Assert.Equal((ids[1], "2", true), (second.PacketId, second.Payload, second.Dup));
        Assert.Equal((ids[2], "3", true), (third.PacketId, third.Payload, third.Dup));
        foreach (ushort id in ids[1..])
        {
            await again.AcknowledgeAsync(RawClient.Pubrec, id);
            await again.AcknowledgedAsync(RawClient.Pubrel, id);
        }

        // The end of an exchange need not be durable: without it, PUBREL comes once more, and no message.
        foreach (ushort id in ids)
            await again.AcknowledgeAsync(RawClient.Pubcomp, id);
        await again.NothingComesAsync();
        await world.StopAndRestartAsync();
        using RawClient last = await RawClient.ConnectAsync(world.Port, "room", v5);
        Assert.True(last.SessionPresent);
        await last.NothingComesAsync();
    }

    [Fact]
    public async Task A_retained_message_is_there_after_a_crash_after_an_orderly_end_and_after_a_crash_behind_a_snapshot()
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        await RetainAsync(world, "state/first", "1");
        await RetainAsync(world, "state/gone", "x");
        await world.KillAndRestartAsync();
        await RetainedAsync(world, ("state/first", "1"), ("state/gone", "x"));

        await RetainAsync(world, "state/gone", "");
        await world.StopAndRestartAsync();
        await RetainedAsync(world, ("state/first", "1"));

        await RetainAsync(world, "state/second", "2");
        await RetainAsync(world, "state/first", "one");
        await world.KillAndRestartAsync();
        await RetainedAsync(world, ("state/first", "one"), ("state/second", "2"));
        Assert.Contains("Snapshot", world.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_will_whose_delay_was_running_when_the_server_died_goes_out_once_after_it()
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        using (RawClient watcher = await RawClient.ConnectAsync(world.Port, "room"))
            await watcher.SubscribeAsync("wills/#", 1);
        using (RawClient doomed = await RawClient.ConnectAsync(world.Port, "doomed", will: ("wills/doomed", "gone", 3)))
            await doomed.NothingComesAsync();
        await world.DetachedAsync("wills");

        await world.KillAndRestartAsync();
        using RawClient room = await RawClient.ConnectAsync(world.Port, "room");
        RawPacket will = await room.MessageAsync();
        Assert.Equal(("wills/doomed", "gone"), (will.Topic, will.Payload));
        await room.AcknowledgeAsync(RawClient.Puback, will.PacketId);

        // It does not come after another restart; sent again it may be, the acknowledgement need not be durable.
        await world.KillAndRestartAsync();
        using RawClient once = await RawClient.ConnectAsync(world.Port, "room");
        await once.PublishAsync("wills/end", "end", qos: 1, packetId: 1);
        RawPacket next = await once.ReceiveAsync();
        while (next.First == RawClient.Puback || (next.Dup && next.Topic == "wills/doomed"))
            next = await once.ReceiveAsync();
        Assert.Equal("wills/end", next.Topic);
    }

    [Fact]
    public async Task A_sessions_time_goes_on_while_the_server_is_down()
    {
        using var folder = new TemporaryFolder();
        await using var world = await RestartingServer.StartAsync(folder);
        using (RawClient brief = await RawClient.ConnectAsync(world.Port, "brief", expirySeconds: 2))
        using (RawClient patient = await RawClient.ConnectAsync(world.Port, "patient", expirySeconds: 3_600))
        {
            await brief.SubscribeAsync("a/b", 1);
            await patient.SubscribeAsync("a/b", 1);
        }

        var since = System.Diagnostics.Stopwatch.StartNew();
        await world.DetachedAsync("a/b");
        await world.Server.KillAsync();
        await Wait.UntilAsync(() => since.Elapsed.TotalSeconds > 2);
        await world.RestartAsync();

        using RawClient first = await RawClient.ConnectAsync(world.Port, "brief");
        using RawClient second = await RawClient.ConnectAsync(world.Port, "patient");
        Assert.False(first.SessionPresent);
        Assert.True(second.SessionPresent);
    }

    private static async Task RetainAsync(RestartingServer world, string topic, string payload)
    {
        using RawClient client = await RawClient.ConnectAsync(world.Port, "keeper", clean: true, expirySeconds: 0);
        await client.PublishAsync(topic, payload, qos: 1, packetId: 1, retain: true);
        await client.AcknowledgedAsync(RawClient.Puback, 1);
    }

    private static async Task RetainedAsync(RestartingServer world, params (string Topic, string Payload)[] expected)
    {
        using RawClient client = await RawClient.ConnectAsync(world.Port, "reader", clean: true, expirySeconds: 0);
        await client.SubscribeAsync("state/#", 1);
        var found = new List<(string, string)>();
        for (int i = 0; i < expected.Length; i++)
        {
            RawPacket message = await client.MessageAsync();
            Assert.True(message.Retain);
            found.Add((message.Topic, message.Payload));
            await client.AcknowledgeAsync(RawClient.Puback, message.PacketId);
        }

        await client.NothingComesAsync();
        Assert.Equal(expected, found.Order());
    }
}
