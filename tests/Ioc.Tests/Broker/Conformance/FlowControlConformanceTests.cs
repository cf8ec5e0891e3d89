using Ioc.Broker;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class FlowControlConformanceTests
{
    private static readonly byte[] Max60 = [0x27, 0, 0, 0, 60];

    // [MQTT-3.1.2-24]
    [Theory]
    [InlineData(0, 54)]
    [InlineData(1, 52)]
    [InlineData(2, 52)]
    public async Task A_message_is_delivered_up_to_the_clients_maximum_packet_size_and_not_beyond(int qos, int longest)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", Max60);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t", 2);

        await publisher.SendAsync([.. Packets.Publish("t", new string('x', longest + 1), qos, 1, properties: []), .. Packets.Publish("t", new string('y', longest), qos, 2, properties: [])]);

        byte[] packet = await client.ReadAsync();
        Assert.Equal(60, packet.Length);
        Assert.Equal(new string('y', longest), Delivered.Read(packet).Payload);
    }

    // [MQTT-3.1.2-24]
    [Fact]
    public async Task A_client_that_cannot_take_even_its_connack_is_refused_in_few_words()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.OpenAsync();

        await client.SendAsync(Packets.Connect("s", level: 5, properties: [0x27, 0, 0, 0, 10]));

        Assert.Equal([0x20, 3, 0, 0x95, 0], (await client.ReadToEndAsync()).Single());
    }

    // [MQTT-3.1.2-24]
    [Fact]
    public async Task A_suback_the_client_cannot_take_is_not_sent()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x27, 0, 0, 0, 24, 0x17, 0);

        await client.SendAsync(Packets.Packet(0x82, [0, 1, 0, .. Enumerable.Range(0, 40).SelectMany(number => (byte[])[.. Packets.Text($"{number}"), 0])]));

        Assert.Equal([0xE0, 1, 0x95], (await client.ReadToEndAsync()).Single());
    }

    // [MQTT-3.1.2-25]
    [Fact]
    public async Task A_message_too_large_for_the_client_counts_as_delivered()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.JoinAsync("s", [.. Max60, 0x21, 0, 1, 0x11, 0, 0, 0, 100]); // one at a time; a session that lasts
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t", 2);

        await publisher.SendAsync(Packets.Publish("t", new string('x', 100), 2, 1, properties: []));
        await publisher.ReadAsync();
        await publisher.PublishAsync("t", new string('x', 100));
        await publisher.PublishAsync("t", "small");
        Assert.Equal("small", (await client.DeliveredAsync()).Payload);
        client.Drop();

        // A client that takes more is not sent what is over, only what it did not acknowledge.
        await using TestClient again = await host.OpenAsync();
        await again.SendAsync(Packets.Connect("s", level: 5, clean: false));
        await again.ReadAsync();
        Assert.Equal("small", (await again.DeliveredAsync()).Payload);
        await again.HearsNothingAsync();
    }

    // [MQTT-3.2.2-15]
    [Fact]
    public async Task A_packet_beyond_the_servers_maximum_packet_size_ends_the_connection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("MaxPacketBytes", "128"));
        await using TestClient client = await host.OpenAsync();
        await client.SendAsync(Packets.Connect("c", level: 5));
        Assert.Contains(Steps.Properties(await client.ReadAsync()), property => property.Id == 0x27 && property.Value.SequenceEqual(new byte[] { 0, 0, 0, 128 }));

        byte[] largest = Packets.Publish("t", new string('x', 120), qos: 1, packetId: 1, properties: []);
        Assert.Equal(128, largest.Length);
        await client.SendAsync(largest);
        Assert.Equal(Packets.Puback(1), await client.ReadAsync());
        await client.SendAsync(Packets.Publish("t", new string('x', 121), qos: 1, packetId: 2, properties: []));

        Assert.Equal([0xE0, 1, 0x95], (await client.ReadToEndAsync()).Single());
        Assert.Single(host.Journal.Records);
    }

    // [MQTT-3.3.4-7]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task More_unacknowledged_publishes_than_the_servers_receive_maximum_end_the_connection(int qos)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ReceiveMaximum", "3"));
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);
        if (qos == 1)
            host.Journal.Hold();

        for (int id = 1; id <= 3; id++)
            await client.SendAsync(Packets.Publish(qos: qos, packetId: id, properties: []));
        await client.SendAsync(Packets.Pingreq());
        List<byte[]> before = [];
        while (before.Count == 0 || before.Count < (qos == 1 ? 1 : 4))
            before.Add(await client.ReadAsync());
        Assert.DoesNotContain(before, packet => packet[0] == 0xE0);
        await client.SendAsync(Packets.Publish(qos: qos, packetId: 4, properties: []));

        Assert.Equal([0xE0, 1, 0x93], (await client.ReadToEndAsync()).Single());
        Assert.Equal(3, host.Journal.Records.Count);
    }

    [Theory]
    [InlineData(1, 0x40)]
    [InlineData(2, 0x50)]
    public async Task A_publish_that_is_refused_does_not_count_against_the_receive_maximum(int qos, int answer)
    {
        await using BrokerHost host = await BrokerHost.StartAsync(("ReceiveMaximum", "1"));
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        for (int id = 1; id <= 5; id++)
        {
            await client.SendAsync(Packets.Publish("$SYS/forbidden", qos: qos, packetId: id, properties: []));
            Assert.Equal([answer, 3, 0, id, 0x87], (await client.ReadAsync()).Select(b => (int)b));
        }

        await client.SendAsync(Packets.Publish("allowed", qos: 2, packetId: 9, properties: []));
        Assert.Equal(Packets.Pubrec(9), await client.ReadAsync());
    }

    // [MQTT-3.3.4-9], [MQTT-4.9.0-1], [MQTT-4.9.0-2]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_server_sends_no_more_than_the_clients_receive_maximum_at_once(int qos)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x21, 0, 3);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t", 2);
        for (int number = 1; number <= 6; number++)
            await publisher.SendAsync(Packets.Publish("t", $"{number}", qos, number, properties: []));

        var ids = new List<int>();
        for (int number = 1; number <= 3; number++)
            ids.Add((await client.DeliveredAsync()).PacketId);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 6);
        await client.HearsNothingAsync();

        foreach (int id in ids)
        {
            if (qos == 2)
            {
                // The first half gives no room yet.
                await client.SendAsync(Packets.Pubrec(id));
                Assert.Equal(Packets.Pubrel(id), await client.ReadAsync());
                await client.HearsNothingAsync();
            }

            await client.SendAsync(qos == 1 ? Packets.Puback(id) : Packets.Pubcomp(id));
            Assert.Equal($"{id + 3}", (await client.DeliveredAsync()).Payload);
            await client.HearsNothingAsync();
        }
    }

    [Fact]
    public async Task On_a_new_connection_the_quota_begins_anew_and_holds_for_what_is_sent_again()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient client = await host.JoinAsync("s", 0x11, 0, 0, 0, 100);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t");
        for (int number = 1; number <= 5; number++)
            await publisher.PublishAsync("t", $"{number}");
        for (int number = 1; number <= 5; number++)
            await client.DeliveredAsync();
        client.Drop();

        await using TestClient again = await host.OpenAsync();
        await again.SendAsync(Packets.Connect("s", level: 5, clean: false, properties: [0x21, 0, 2]));
        await again.ReadAsync();

        Assert.Equal("1", (await again.DeliveredAsync()).Payload);
        Assert.Equal("2", (await again.DeliveredAsync()).Payload);
        await again.HearsNothingAsync();
        await again.SendAsync(Packets.Puback(1));
        Assert.Equal("3", (await again.DeliveredAsync()).Payload);
    }

    [Theory]
    [InlineData(1, 0x40)]
    [InlineData(2, 0x50)]
    public async Task A_message_the_client_refuses_gives_its_place_to_the_next(int qos, int answer)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x21, 0, 1);
        await using TestClient publisher = await host.JoinAsync("p");
        await client.SubscribeAsync("t", qos);
        for (int number = 1; number <= 4; number++)
            await publisher.SendAsync(Packets.Publish("t", $"{number}", 2, number, properties: []));

        for (int number = 1; number <= 4; number++)
        {
            Delivered delivered = await client.DeliveredAsync();
            Assert.Equal(($"{number}", qos), (delivered.Payload, delivered.Qos));
            await client.HearsNothingAsync();
            await client.SendAsync(Packets.Packet(answer, [.. Packets.Number(delivered.PacketId), 0x83, 0]));
        }
    }

    // [MQTT-3.3.4-10], [MQTT-4.9.0-3]
    [Fact]
    public async Task At_quota_zero_everything_but_publish_goes_on()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("s", 0x21, 0, 1);
        await client.SubscribeAsync("t", 2);
        await client.PublishAsync("t", "first");
        Delivered unacknowledged = await client.DeliveredAsync();
        await client.PublishAsync("t", "held back");
        Assert.Equal("first", unacknowledged.Payload);

        await client.SendAsync(Packets.Subscribe("other", 1, 20, []));
        Assert.Equal([0x90, 4, 0, 20, 0, 1], await client.ReadAsync());
        await client.SendAsync(Packets.Unsubscribe("other", 21, []));
        Assert.Equal([0xB0, 4, 0, 21, 0, 0], await client.ReadAsync());
        await client.SendAsync(Packets.Publish("x", qos: 1, packetId: 22, properties: []));
        Assert.Equal(Packets.Puback(22), await client.ReadAsync());
        await client.SendAsync(Packets.Publish("x", qos: 2, packetId: 23, properties: []));
        Assert.Equal(Packets.Pubrec(23), await client.ReadAsync());
        await client.SendAsync(Packets.Pubrel(23));
        Assert.Equal(Packets.Pubcomp(23), await client.ReadAsync());
        await client.HearsNothingAsync();
    }

    // [MQTT-3.4.2-2]
    [Fact]
    public Task A_puback_says_why_only_if_the_client_can_take_it() =>
        SaysWhyIfItFitsAsync(0x40, 0x87, Packets.Publish("$SYS/x", qos: 1, packetId: 5, properties: []));

    // [MQTT-3.5.2-2]
    [Fact]
    public Task A_pubrec_says_why_only_if_the_client_can_take_it() =>
        SaysWhyIfItFitsAsync(0x50, 0x87, Packets.Publish("$SYS/x", qos: 2, packetId: 5, properties: []));

    // [MQTT-3.6.2-2]
    [Fact]
    public Task A_pubrel_says_why_only_if_the_client_can_take_it() => SaysWhyIfItFitsAsync(0x62, 0x92, Packets.Pubrec(5));

    // [MQTT-3.7.2-2]
    [Fact]
    public Task A_pubcomp_says_why_only_if_the_client_can_take_it() => SaysWhyIfItFitsAsync(0x70, 0x92, Packets.Pubrel(5));

    // [MQTT-3.9.2-1]
    [Fact]
    public Task A_suback_says_why_only_if_the_client_can_take_it() => SaysWhyIfItFitsAsync(0x90, 0x8F, Packets.Subscribe("a/#/b", properties: []));

    // [MQTT-3.11.2-1]
    [Fact]
    public Task An_unsuback_says_why_only_if_the_client_can_take_it() =>
        SaysWhyIfItFitsAsync(0xB0, 0x83, Packets.Unsubscribe("t", properties: []), host => host.Journal.Answer(AcceptOutcome.QuotaExceeded));

    // [MQTT-3.14.2-3]
    [Fact]
    public Task A_disconnect_says_why_only_if_the_client_can_take_it() => SaysWhyIfItFitsAsync(0xE0, 0x82, Packets.Connect(level: 5));

    private static async Task SaysWhyIfItFitsAsync(int header, int reason, byte[] wrong, Action<BrokerHost>? before = null)
    {
        foreach (int most in new[] { 30, 60, 1_000, 0 })
        {
            await using BrokerHost host = await BrokerHost.StartAsync();
            byte[] maximum = most == 0 ? [] : [0x27, 0, 0, .. Packets.Number(most)];
            await using TestClient client = await host.JoinAsync("c", [.. maximum, 0x11, 0, 0, 0, 100]);
            await client.SubscribeAsync("t");
            before?.Invoke(host);

            await client.SendAsync(wrong);

            byte[] answer = await client.ReadAsync();
            Assert.Equal((header, reason), (answer[0], header is 0x90 or 0xB0 ? answer[^1] : Steps.Reason(answer)));
            Assert.InRange(answer.Length, 2, most == 0 ? int.MaxValue : most);
            Assert.Equal(most is 0 or 1_000, Steps.HasReasonString(answer));
        }
    }
}
