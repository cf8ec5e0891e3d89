using System.Text;
using Ioc.Broker;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker;

/// <summary>House rule: acknowledged means journaled.</summary>
public class AcknowledgementTests
{
    [Fact]
    public async Task A_publish_is_acknowledged_only_after_it_is_durable()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        host.Journal.Hold();

        await client.SendAsync([.. Packets.Publish(qos: 1, packetId: 7), .. Packets.Pingreq()]);

        // The answer to the ping was asked for later and comes first: the PUBACK is held, the connection is not.
        Assert.Equal([0xD0, 0], await client.ReadAsync());
        Assert.Single(host.Journal.Records);
        await client.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await client.ReadAsync());

        host.Journal.Release();
        Assert.Equal([0x40, 2, 0, 7], await client.ReadAsync());
    }

    [Fact]
    public async Task Only_what_the_flush_reached_is_acknowledged_in_the_order_published()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        host.Journal.Hold();

        await client.SendAsync([.. Packets.Publish(qos: 1, packetId: 30), .. Packets.Publish(qos: 1, packetId: 10), .. Packets.Publish(qos: 1, packetId: 20)]);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 3);

        host.Journal.FlushUpTo(2);
        Assert.Equal([0x40, 2, 0, 30], await client.ReadAsync());
        Assert.Equal([0x40, 2, 0, 10], await client.ReadAsync());

        await client.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await client.ReadAsync());

        host.Journal.FlushUpTo(3);
        Assert.Equal([0x40, 2, 0, 20], await client.ReadAsync());
    }

    [Fact]
    public async Task Frames_of_one_read_are_accepted_in_one_batch()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());

        await client.SendAsync([.. Enumerable.Range(1, 50).SelectMany(id => Packets.Publish(qos: 1, packetId: id))]);
        for (int id = 1; id <= 50; id++)
            Assert.Equal(id, (await client.ReadAsync())[3]);

        Assert.InRange(host.Journal.BatchCount, 1, 3);
    }

    [Fact]
    public async Task A_3_1_1_client_beyond_the_window_waits_unread_and_loses_nothing()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ReceiveMaximum", "4"));
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        host.Journal.Hold();

        await client.SendAsync([.. Enumerable.Range(1, 20).SelectMany(id => Packets.Publish(qos: 1, packetId: id))]);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 4);
        host.Journal.FlushUpTo(1);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 5);

        host.Journal.Release();
        for (int id = 1; id <= 20; id++)
            Assert.Equal(id, (await client.ReadAsync())[3]);
    }

    // [MQTT-3.3.4-7]
    [Fact]
    public async Task A_5_0_client_beyond_its_receive_maximum_is_disconnected()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ReceiveMaximum", "4"));
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        host.Journal.Hold();

        await client.SendAsync([.. Enumerable.Range(1, 5).SelectMany(id => Packets.Publish(qos: 1, packetId: id, properties: []))]);

        Assert.Equal([0xE0, 1, 0x93], (await client.ReadToEndAsync()).Single());
        Assert.Equal(1, host.Counters.RefusedByReason["receiveMaximumExceeded"]);
    }

    [Fact]
    public async Task A_full_journal_is_told_to_a_5_0_client_in_its_turn()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        host.Journal.Hold();
        await client.SendAsync(Packets.Publish(qos: 1, packetId: 1, properties: []));
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);

        host.Journal.Answer(AcceptOutcome.QuotaExceeded);
        await client.SendAsync([.. Packets.Publish(qos: 1, packetId: 2, properties: []), .. Packets.Pingreq()]);
        Assert.Equal([0xD0, 0], await client.ReadAsync());

        host.Journal.Release();
        Assert.Equal([0x40, 2, 0, 1], await client.ReadAsync());
        Assert.Equal([0x40, 3, 0, 2, 0x97], await client.ReadAsync());
        Assert.Equal(1, host.Counters.RefusedByReason["quotaExceeded"]);
    }

    [Fact]
    public async Task A_3_1_1_client_waits_unread_while_the_journal_is_full()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        host.Journal.Answer(AcceptOutcome.QuotaExceeded);

        await client.SendAsync(Packets.Publish(payload: "kept", qos: 1, packetId: 9));
        await Wait.UntilAsync(() => host.Journal.BatchCount > 0);
        Assert.Empty(host.Journal.Records);

        host.Journal.Answer(AcceptOutcome.Accepted);
        Assert.Equal([0x40, 2, 0, 9], await client.ReadAsync());
        Assert.Equal("kept", Encoding.UTF8.GetString(host.Journal.Records.Single().Payload));
    }

    [Fact]
    public async Task What_can_never_be_durable_is_never_acknowledged()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        await using TestClient other = await host.ConnectAsync(Packets.Connect("other"));
        host.Journal.Hold();
        await client.SendAsync(Packets.Publish(qos: 1, properties: []));
        await Wait.UntilAsync(() => host.Journal.Records.Count == 1);

        host.Journal.Break();

        Assert.Equal([0xE0, 1, 0x83], (await client.ReadToEndAsync()).Single());
        await other.SendAsync(Packets.Pingreq());
        Assert.Equal([0xD0, 0], await other.ReadAsync());
    }

    [Fact]
    public async Task The_journal_gets_who_published_what_where()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("đồng-hồ-1", level: 5, user: "trạm"));

        await client.SendAsync(Packets.Publish("nước/1", "12.5", qos: 1, packetId: 500, retain: true, dup: true, properties: [0x01, 1]));
        await client.ReadAsync();

        (byte[] header, byte[] payload) = host.Journal.Records.Single();
        Assert.True(PublishHeader.TryRead(header, out PublishHeader read));
        Assert.Equal(("nước/1", "đồng-hồ-1", "trạm"), (Encoding.UTF8.GetString(read.Topic), Encoding.UTF8.GetString(read.ClientId), Encoding.UTF8.GetString(read.UserName)));
        Assert.Equal((1, true, true, false, 500), (read.Qos, read.Retain, read.Dup, read.Will, read.PacketId));
        Assert.Equal([0x01, 1], read.Properties.ToArray());
        Assert.Equal("12.5", Encoding.UTF8.GetString(payload));
    }
}
