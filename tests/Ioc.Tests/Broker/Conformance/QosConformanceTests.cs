using Ioc.Broker;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Testing;
using Ioc.Tests.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>Exchanges of QoS 1 and 2, in and out, over connections that come and go.</summary>
public class QosConformanceTests
{
    public static TheoryData<byte, int> LevelsAndQos => new() { { 4, 1 }, { 4, 2 }, { 5, 1 }, { 5, 2 } };

    // [MQTT-2.2.1-4], [MQTT-4.3.2-1], [MQTT-4.3.3-1]
    [Fact]
    public async Task Every_new_delivery_has_a_packet_id_that_is_in_use_for_nothing_else()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());
        await client.SubscribeAsync("t", 2, 4);

        var used = new HashSet<int>();
        for (int i = 0; i < 40; i++)
        {
            await host.PublishAsync("t", "x", qos: 1 + (i % 2));
            byte[] delivery = await client.ReadAsync();
            int id = (delivery[5] << 8) | delivery[6];
            Assert.True(id != 0 && used.Add(id), $"{id} again");

            // Every third is left open.
            if (i % 3 != 0 && i % 2 == 0)
            {
                await client.SendAsync(Packets.Puback(id));
                used.Remove(id);
            }
        }
    }

    // [MQTT-2.2.1-4]
    [Fact]
    public void Packet_ids_begin_again_after_the_last_one_and_pass_over_those_in_use()
    {
        var window = new InflightWindow();
        ushort open = window.Add(new Delivery(0, MessageTail.NoAddress, 1, Retain: false));

        for (int i = 0; i < 140_000; i++)
        {
            ushort id = window.Add(new Delivery(i, MessageTail.NoAddress, 2, Retain: false));
            Assert.True(id != 0 && id != open);
            window.Remove(id);
        }
    }

    // [MQTT-3.3.1-3], [MQTT-4.3.1-1], [MQTT-4.3.2-2], [MQTT-4.3.3-2]
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_first_delivery_has_dup_0_even_if_the_publisher_repeated_itself(int granted)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient subscriber = await host.ConnectAsync(Packets.Connect("s"));
        await using TestClient publisher = await host.ConnectAsync(Packets.Connect("p"));
        await subscriber.SubscribeAsync("t", granted, 4);

        await publisher.SendAsync(Packets.Publish("t", "x", qos: 2, packetId: 5, dup: true));

        Assert.Equal(Packets.Publish("t", "x", granted, packetId: 1, dup: false), await subscriber.ReadAsync());
    }

    // [MQTT-3.3.1-1], [MQTT-4.3.2-3], [MQTT-4.3.3-3], [MQTT-4.4.0-1]
    [Theory]
    [MemberData(nameof(LevelsAndQos))]
    public async Task An_unacknowledged_publish_is_repeated_on_reconnection_with_dup_1_and_its_packet_id(byte level, int qos)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", level), present: false);
        await client.SubscribeAsync("t", 2, level);
        await host.PublishAsync("t", "one", qos);
        await host.PublishAsync("t", "two", qos);
        Assert.Equal(Packets.Publish("t", "one", qos, 1, properties: Steps.Empty(level)), await client.ReadAsync());
        Assert.Equal(Packets.Publish("t", "two", qos, 2, properties: Steps.Empty(level)), await client.ReadAsync());
        await client.DropAsync(host);

        for (int times = 0; times < 2; times++)
        {
            await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", level), present: true);
            Assert.Equal(Packets.Publish("t", "one", qos, 1, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
            Assert.Equal(Packets.Publish("t", "two", qos, 2, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
            await again.DropAsync(host);
        }
    }

    // [MQTT-4.4.0-1]
    [Fact]
    public async Task While_the_connection_stands_nothing_is_sent_again()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 4), present: false);
        await client.SubscribeAsync("t", 2, 4);
        await host.PublishAsync("t", "one", qos: 2);
        await host.PublishAsync("t", "two", qos: 1);
        await client.ReadAsync();
        await client.ReadAsync();
        Assert.Equal(Packets.Pubrel(1), await client.AskAsync(Packets.Pubrec(1)));

        for (int i = 0; i < 60; i++)
            host.Pass(60);
        await host.PublishAsync("t", "three", qos: 0);

        Assert.Equal(Packets.Publish("t", "three"), await client.ReadAsync());
    }

    // [MQTT-3.3.4-1], [MQTT-4.3.2-4], [MQTT-4.3.3-8]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_publish_is_answered_as_its_qos_asks_once_it_is_durable(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: level));
        host.Journal.Hold();
        await client.SendAsync([
            .. Packets.Publish("t", "0", properties: Steps.Empty(level)),
            .. Packets.Publish("t", "1", 1, 300, properties: Steps.Empty(level)),
            .. Packets.Publish("t", "2", 2, 200, properties: Steps.Empty(level))]);
        await Wait.UntilAsync(() => host.Journal.Records.Count == 3);
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));

        host.Journal.FlushUpTo(2);
        Assert.Equal(Packets.Puback(300), await client.ReadAsync());
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));

        host.Journal.Release();
        Assert.Equal(Packets.Pubrec(200), await client.ReadAsync());
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
    }

    // [MQTT-4.3.2-5]
    [Fact]
    public async Task After_puback_the_same_packet_id_is_a_new_message_even_with_dup_1()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect());

        Assert.Equal(Packets.Puback(7), await client.AskAsync(Packets.Publish("t", "one", 1, 7)));
        Assert.Equal(Packets.Puback(7), await client.AskAsync(Packets.Publish("t", "two", 1, 7, dup: true)));

        Assert.Equal(["one", "two"], Payloads(host));
    }

    // [MQTT-4.3.3-4], [MQTT-4.3.3-5], [MQTT-4.3.3-6], [MQTT-4.4.0-1]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task After_pubrec_it_is_pubrel_that_is_sent_and_repeated_until_pubcomp(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", level), present: false);
        await client.SubscribeAsync("t", 2, level);
        await host.PublishAsync("t", "one", qos: 2);
        Assert.Equal(Packets.Publish("t", "one", 2, 1, properties: Steps.Empty(level)), await client.ReadAsync());
        Assert.Equal(Packets.Pubrel(1), await client.AskAsync(Packets.Pubrec(1)));
        await client.DropAsync(host);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", level), present: true);
        Assert.Equal(Packets.Pubrel(1), await again.ReadAsync());
        await again.DropAsync(host);

        await using TestClient third = await host.ConnectAsync(Steps.Lasting("s", level), present: true);
        Assert.Equal(Packets.Pubrel(1), await third.ReadAsync());
        await third.SendAsync(Packets.Pubcomp(1));
        Assert.Equal([0xD0, 0], await third.AskAsync(Packets.Pingreq()));
        await third.DropAsync(host);

        await using TestClient fourth = await host.ConnectAsync(Steps.Lasting("s", level), present: true);
        await host.PublishAsync("t", "two", qos: 0);
        Assert.Equal(Packets.Publish("t", "two", properties: Steps.Empty(level)), await fourth.ReadAsync());
    }

    // [MQTT-4.3.3-7], [MQTT-4.3.3-13]
    [Fact]
    public async Task An_exchange_that_has_begun_goes_on_when_its_message_expires()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        await host.PublishAsync("t", "one", qos: 2, properties: PropertyBytes.MessageExpiry(10));
        Assert.Equal(Packets.Publish("t", "one", 2, 1, properties: PropertyBytes.MessageExpiry(10)), await client.ReadAsync());
        await client.DropAsync(host);

        host.Pass(60);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", 5), present: true);
        Assert.Equal(Packets.Publish("t", "one", 2, 1, dup: true, properties: PropertyBytes.MessageExpiry(0)), await again.ReadAsync());
        host.Pass(60);
        Assert.Equal(Packets.Pubrel(1), await again.AskAsync(Packets.Pubrec(1)));
    }

    // [MQTT-4.3.3-13]
    [Fact]
    public async Task A_received_message_that_expires_before_its_release_is_released_all_the_same()
    {
        var time = new FakeTime();
        await using BrokerHost host = await BrokerHost.StartAsync(time);
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("p", 5), present: false);
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(Packets.Publish("t", "one", 2, 3, properties: PropertyBytes.MessageExpiry(10))));

        host.Pass(60);

        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(Packets.Publish("t", "one", 2, 3, dup: true, properties: PropertyBytes.MessageExpiry(10))));
        Assert.Equal(Packets.Pubcomp(3), await client.AskAsync(Packets.Pubrel(3)));
        Assert.Equal(["one"], Payloads(host));
    }

    // [MQTT-4.3.3-9]
    [Fact]
    public async Task After_a_pubrec_that_refuses_the_same_packet_id_is_a_new_message()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect(level: 5));
        host.Journal.Answer(AcceptOutcome.QuotaExceeded);
        Assert.Equal([0x50, 3, 0, 3, 0x97], await client.AskAsync(Packets.Publish("t", "refused", 2, 3, properties: [])));

        host.Journal.Answer(AcceptOutcome.Accepted);

        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(Packets.Publish("t", "taken", 2, 3, properties: [])));
        Assert.Equal(["taken"], Payloads(host));
    }

    // [MQTT-4.3.3-10], [MQTT-4.3.3-11], [MQTT-4.3.3-12]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Until_it_is_released_a_message_is_taken_once_however_often_it_comes(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Packets.Connect("p", level, properties: []));
        byte[] publish = Packets.Publish("t", "one", 2, 3, properties: Steps.Empty(level));
        byte[] repeated = Packets.Publish("t", "one", 2, 3, dup: true, properties: Steps.Empty(level));

        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(publish));
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(repeated));
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(publish));
        Assert.Equal(["one"], Payloads(host));

        Assert.Equal(Packets.Pubcomp(3), await client.AskAsync(Packets.Pubrel(3)));
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(publish));
        Assert.Equal(["one", "one"], Payloads(host));
    }

    // [MQTT-4.3.3-10], [MQTT-4.3.3-12]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_message_not_released_is_known_again_on_the_next_connection(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("p", level), present: false);
        Assert.Equal(Packets.Pubrec(3), await client.AskAsync(Packets.Publish("t", "one", 2, 3, properties: Steps.Empty(level))));
        await client.DropAsync(host);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("p", level), present: true);
        Assert.Equal(Packets.Pubrec(3), await again.AskAsync(Packets.Publish("t", "one", 2, 3, dup: true, properties: Steps.Empty(level))));
        Assert.Equal(Packets.Pubcomp(3), await again.AskAsync(Packets.Pubrel(3)));
        await again.DropAsync(host);

        await using TestClient third = await host.ConnectAsync(Steps.Lasting("p", level), present: true);
        Assert.Equal(Packets.Pubrec(3), await third.AskAsync(Packets.Publish("t", "two", 2, 3, properties: Steps.Empty(level))));
        Assert.Equal(["one", "two"], Payloads(host));
    }

    // [MQTT-4.3.3-11]
    [Fact]
    public async Task A_pubrel_for_nothing_is_answered_too()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient old = await host.ConnectAsync(Packets.Connect("old"));
        await using TestClient young = await host.ConnectAsync(Packets.Connect("young", level: 5));

        Assert.Equal(Packets.Pubcomp(3), await old.AskAsync(Packets.Pubrel(3)));
        Assert.Equal([0x70, 3, 0, 3, 0x92], await young.AskAsync(Packets.Pubrel(3)));
    }

    // [MQTT-4.4.0-2]
    [Theory]
    [InlineData(1, 0x40)]
    [InlineData(2, 0x50)]
    public async Task What_the_receiver_refused_is_not_sent_again(int qos, int answer)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        await host.PublishAsync("t", "one", qos);
        await client.ReadAsync();
        await client.SendAsync(Packets.Packet(answer, [0, 1, 0x83]));
        Assert.Equal([0xD0, 0], await client.AskAsync(Packets.Pingreq()));
        await client.DropAsync(host);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", 5), present: true);
        await host.PublishAsync("t", "two", qos: 0);
        Assert.Equal(Packets.Publish("t", "two", properties: []), await again.ReadAsync());
    }

    // [MQTT-4.6.0-1]
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Repetitions_come_in_the_order_of_the_first_sendings_and_before_anything_new(byte level)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", level), present: false);
        await client.SubscribeAsync("t", 2, level);
        for (int i = 1; i <= 6; i++)
        {
            await host.PublishAsync("t", $"{i}", qos: 1 + (i % 2));
            await client.ReadAsync();
        }

        Assert.Equal(Packets.Pubrel(3), await client.AskAsync(Packets.Pubrec(3))); // has come half way
        await client.SendAsync([.. Packets.Puback(2), .. Packets.Pingreq()]);
        Assert.Equal([0xD0, 0], await client.ReadAsync());
        await client.DropAsync(host);
        await host.PublishAsync("t", "new", qos: 1);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", level), present: true);
        Assert.Equal(Packets.Pubrel(3), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "1", 2, 1, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "4", 1, 4, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "5", 2, 5, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "6", 1, 6, dup: true, properties: Steps.Empty(level)), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "new", 1, 7, properties: Steps.Empty(level)), await again.ReadAsync());
    }

    // [MQTT-4.6.0-4]
    [Fact]
    public async Task Pubrels_come_in_the_order_of_the_pubrecs()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        for (int i = 1; i <= 3; i++)
        {
            await host.PublishAsync("t", $"{i}", qos: 2);
            await client.ReadAsync();
        }

        await client.SendAsync([.. Packets.Pubrec(2), .. Packets.Pubrec(3), .. Packets.Pubrec(1)]);
        await ReadPubrelsAsync(client);
        await client.DropAsync(host);

        await using TestClient again = await host.ConnectAsync(Steps.Lasting("s", 5), present: true);
        await ReadPubrelsAsync(again);

        static async Task ReadPubrelsAsync(TestClient client)
        {
            Assert.Equal(Packets.Pubrel(2), await client.ReadAsync());
            Assert.Equal(Packets.Pubrel(3), await client.ReadAsync());
            Assert.Equal(Packets.Pubrel(1), await client.ReadAsync());
        }
    }

    // [MQTT-4.4.0-1]
    [Fact]
    public async Task A_receiver_that_takes_one_message_at_a_time_gets_its_pubrels_at_once_on_reconnection()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.ConnectAsync(Steps.Lasting("s", 5), present: false);
        await client.SubscribeAsync("t", 2, 5);
        for (int i = 1; i <= 3; i++)
        {
            await host.PublishAsync("t", $"{i}", qos: 2);
            await client.ReadAsync();
        }

        Assert.Equal(Packets.Pubrel(3), await client.AskAsync(Packets.Pubrec(3)));
        await client.DropAsync(host);

        byte[] narrow = Packets.Connect("s", 5, clean: false, keepAlive: 0, properties: PropertyBytes.ReceiveMaximum(1));
        await using TestClient again = await host.ConnectAsync(narrow, present: true);
        Assert.Equal(Packets.Pubrel(3), await again.ReadAsync());
        Assert.Equal(Packets.Publish("t", "1", 2, 1, dup: true, properties: []), await again.ReadAsync());
        Assert.Equal(Packets.Pubrel(1), await again.AskAsync(Packets.Pubrec(1)));
        Assert.Equal(Packets.Publish("t", "2", 2, 2, dup: true, properties: []), await again.AskAsync(Packets.Pubcomp(1)));
    }

    private static string[] Payloads(BrokerHost host) => [.. host.Journal.Records.Select(record => System.Text.Encoding.UTF8.GetString(record.Payload))];
}
