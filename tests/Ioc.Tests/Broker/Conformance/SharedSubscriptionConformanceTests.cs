using Ioc.Broker.Routing;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

public class SharedSubscriptionConformanceTests
{
    private static readonly byte[] Lasting = [0x11, 0, 0, 0, 100];
    private static readonly byte[] OneAtATime = [0x21, 0, 1];

    [Fact]
    public async Task Each_message_goes_to_one_member_of_each_group_and_to_everybody_who_subscribed_alone()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient first = await host.JoinAsync("first");
        await using TestClient second = await host.JoinAsync("second");
        await using TestClient other = await host.JoinAsync("other");
        await using TestClient alone = await host.JoinAsync("alone");
        await using TestClient publisher = await host.JoinAsync("p");
        await first.SubscribeAsync("$share/g/t/#", 0);
        await second.SubscribeAsync("$share/g/t/#", 0);
        await other.SubscribeAsync("$share/h/t/#", 0);
        await alone.SubscribeAsync("t/#", 0);

        for (int number = 0; number < 100; number++)
            await publisher.SendAsync(Packets.Publish("t/1", $"{number}", properties: []));

        string[] all = [.. Enumerable.Range(0, 100).Select(number => $"{number}")];
        Assert.Equal(all, await TakeAsync(other, 100));
        Assert.Equal(all, await TakeAsync(alone, 100));
        List<string> one = await TakeUntilAnswerAsync(first);
        List<string> two = await TakeUntilAnswerAsync(second);
        Assert.Equal(all, one.Concat(two).OrderBy(payload => payload.Length).ThenBy(payload => payload, StringComparer.Ordinal));
        Assert.InRange(one.Count, 30, 70); // balanced within reason
    }

    [Fact]
    public async Task Groups_of_one_name_over_different_filters_are_different_subscriptions()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c");
        await client.SubscribeAsync("$share/g/a", 0, [0x0B, 1]);
        await client.SubscribeAsync("$share/g/+", 0, [0x0B, 2]);

        await client.SendAsync(Packets.Publish("a", properties: []));

        int[] numbers = [(await client.DeliveredAsync()).SubscriptionIds.Single(), (await client.DeliveredAsync()).SubscriptionIds.Single()];
        Assert.Equal([1, 2], numbers.Order());
    }

    // [MQTT-4.8.2-3]
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_member_gets_messages_at_its_own_granted_qos(int granted)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient member = await host.JoinAsync("member");
        await using TestClient other = await host.JoinAsync("other");
        await using TestClient publisher = await host.JoinAsync("p");
        await member.SubscribeAsync("$share/g/t", granted);
        await other.SubscribeAsync("$share/g/t", 2 - granted);

        for (int id = 1; id <= 2; id++)
            await publisher.SendAsync(Packets.Publish("t", qos: 2, packetId: id, properties: []));

        Assert.Equal(granted, (await member.DeliveredAsync()).Qos);
        Assert.Equal(2 - granted, (await other.DeliveredAsync()).Qos);
    }

    [Fact]
    public async Task A_member_that_stops_acknowledging_gets_no_more_and_the_others_go_on()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient stuck = await host.JoinAsync("stuck", OneAtATime);
        await using TestClient working = await host.JoinAsync("working");
        await using TestClient publisher = await host.JoinAsync("p");
        await stuck.SubscribeAsync("$share/g/t");
        await working.SubscribeAsync("$share/g/t");

        for (int number = 0; number < 20; number++)
            await publisher.PublishAsync("t", $"{number}");

        string unacknowledged = (await stuck.DeliveredAsync()).Payload;
        string[] others = [.. Enumerable.Range(0, 20).Select(number => $"{number}").Where(payload => payload != unacknowledged)];
        Assert.Equal(others, await TakeAsync(working, 19));
    }

    // Both are full, so both have messages waiting; then one goes on and the other does not.
    [Fact]
    public async Task What_waits_for_a_member_that_stalls_goes_to_one_that_has_room()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient stuck = await host.JoinAsync("stuck", OneAtATime);
        await using TestClient working = await host.JoinAsync("working", OneAtATime);
        await using TestClient publisher = await host.JoinAsync("p");
        await stuck.SubscribeAsync("$share/g/t");
        await working.SubscribeAsync("$share/g/t");
        for (int number = 0; number < 10; number++)
            await publisher.PublishAsync("t", $"{number}");
        string held = (await stuck.DeliveredAsync()).Payload;

        var got = new HashSet<string>();
        while (got.Count < 9)
        {
            Delivered delivered = await working.DeliveredAsync();
            Assert.True(got.Add(delivered.Payload));
            await working.SendAsync(Packets.Puback(delivered.PacketId));
        }

        Assert.DoesNotContain(held, got);
    }

    [Fact]
    public async Task What_waits_for_a_member_that_stops_reading_goes_to_the_others()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient deaf = await host.JoinAsync("deaf", 0x21, 0, 20);
        await using TestClient working = await host.JoinAsync("working", 0x21, 0, 20);
        await using TestClient publisher = await host.JoinAsync("p");
        await deaf.SubscribeAsync("$share/g/t", 0);
        await working.SubscribeAsync("$share/g/t", 0);
        string large = new('x', 200_000);

        // What the deaf one's socket holds is on its way to it; what does not fit goes to the other in the end.
        for (int number = 0; number < 300; number++)
        {
            await publisher.PublishAsync("t", large);
            await working.SendAsync(Packets.Pingreq());
            while ((await working.ReadAsync())[0] != 0xD0)
            {
                // a message: read and done with
            }
        }

        await Wait.UntilAsync(() => Session(host, "deaf").Outgoing.Waiting == 0);
        Assert.False(Session(host, "working").Outgoing.Waiting > 20);
        Assert.Equal(0, host.Counters.DroppedByReason.GetValueOrDefault("qos0QueueFull"));
    }

    [Fact]
    public async Task What_was_not_acknowledged_at_qos_1_goes_to_another_when_the_members_session_ends()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient leaving = await host.JoinAsync("leaving", OneAtATime);
        await using TestClient staying = await host.JoinAsync("staying", OneAtATime);
        await using TestClient publisher = await host.JoinAsync("p");
        await leaving.SubscribeAsync("$share/g/t");
        await staying.SubscribeAsync("$share/g/t");
        for (int number = 0; number < 6; number++)
            await publisher.PublishAsync("t", $"{number}");
        await leaving.DeliveredAsync();

        leaving.Drop();

        Assert.Equal(["0", "1", "2", "3", "4", "5"], (await AcknowledgeAsync(staying, 6)).Order());
    }

    [Fact]
    public async Task What_was_not_sent_goes_to_another_when_the_member_unsubscribes()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient leaving = await host.JoinAsync("leaving", OneAtATime);
        await using TestClient staying = await host.JoinAsync("staying", OneAtATime);
        await using TestClient publisher = await host.JoinAsync("p");
        await leaving.SubscribeAsync("$share/g/t");
        await staying.SubscribeAsync("$share/g/t", 1, [0x0B, 7]);
        for (int number = 0; number < 6; number++)
            await publisher.PublishAsync("t", $"{number}");
        string begun = (await leaving.DeliveredAsync()).Payload;

        await leaving.SendAsync(Packets.Unsubscribe("$share/g/t", 3, []));
        Assert.Equal([0xB0, 4, 0, 3, 0, 0], await leaving.ReadAsync());

        List<string> got = await AcknowledgeAsync(staying, 5, subscription: 7);
        Assert.Equal(5, got.Distinct().Count());
        Assert.DoesNotContain(begun, got); // [MQTT-3.10.4-3] completed where it was begun
        await leaving.HearsNothingAsync();
    }

    [Fact]
    public async Task What_waits_for_a_member_that_is_away_goes_to_one_that_is_there()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient away = await host.JoinAsync("away", [.. Lasting, .. OneAtATime]);
        await using TestClient publisher = await host.JoinAsync("p");
        await away.SubscribeAsync("$share/g/t");
        for (int number = 0; number < 4; number++)
            await publisher.PublishAsync("t", $"{number}");
        Assert.Equal("0", (await away.DeliveredAsync()).Payload);
        away.Drop();

        await using TestClient present = await host.JoinAsync("present");
        await present.SubscribeAsync("$share/g/t");

        Assert.Equal(["1", "2", "3"], await TakeAsync(present, 3));
    }

    // [MQTT-4.8.2-4]
    [Fact]
    public async Task A_qos_2_delivery_that_broke_off_is_completed_with_the_same_member()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient member = await host.JoinAsync("member", Lasting);
        await using TestClient publisher = await host.JoinAsync("p");
        await member.SubscribeAsync("$share/g/t", 2);
        await publisher.SendAsync(Packets.Publish("t", "exactly once", 2, 1, properties: []));
        int id = (await member.DeliveredAsync()).PacketId;
        await using TestClient other = await host.JoinAsync("other");
        await other.SubscribeAsync("$share/g/t", 2);
        member.Drop();
        await Wait.UntilAsync(() => Session(host, "member").Writer is null);
        await SweptAsync(host);
        await other.HearsNothingAsync();

        await using TestClient again = await host.OpenAsync();
        await again.SendAsync(Packets.Connect("member", level: 5, clean: false, properties: Lasting));
        Assert.Equal([1, 0], (await again.ReadAsync())[2..4]);
        Delivered repeated = await again.DeliveredAsync();
        Assert.Equal(("exactly once", true, id), (repeated.Payload, repeated.Dup, repeated.PacketId));
        await again.SendAsync(Packets.Pubrec(id));
        Assert.Equal(Packets.Pubrel(id), await again.ReadAsync());
    }

    // [MQTT-4.8.2-5]
    [Fact]
    public async Task A_qos_2_delivery_that_broke_off_goes_to_nobody_else_when_the_members_session_ends()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient member = await host.JoinAsync("member");
        await using TestClient publisher = await host.JoinAsync("p");
        await member.SubscribeAsync("$share/g/t", 2);
        await publisher.SendAsync(Packets.Publish("t", "exactly once", 2, 1, properties: []));
        await member.DeliveredAsync();
        await using TestClient other = await host.JoinAsync("other");
        await other.SubscribeAsync("$share/g/t", 2);

        member.Drop();
        await Wait.UntilAsync(() => Session(host, "member") is null);
        await publisher.SendAsync(Packets.Publish("t", "next", 2, 2, properties: []));

        Assert.Equal("next", (await other.DeliveredAsync()).Payload);
    }

    // [MQTT-4.8.2-6]
    [Theory]
    [InlineData(1, 0x40)]
    [InlineData(2, 0x50)]
    public async Task A_message_a_member_refuses_goes_to_nobody_else(int qos, int answer)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        TestClient member = await host.JoinAsync("member");
        await using TestClient publisher = await host.JoinAsync("p");
        await member.SubscribeAsync("$share/g/t", qos);
        await publisher.SendAsync(Packets.Publish("t", "unwanted", 2, 1, properties: []));
        Delivered delivered = await member.DeliveredAsync();
        await using TestClient other = await host.JoinAsync("other");
        await other.SubscribeAsync("$share/g/t", qos);

        await member.SendAsync(Packets.Packet(answer, [.. Packets.Number(delivered.PacketId), 0x83]));
        await member.HearsNothingAsync();
        member.Drop();
        await Wait.UntilAsync(() => Session(host, "member") is null);
        await publisher.SendAsync(Packets.Publish("t", "next", 2, 2, properties: []));

        Assert.Equal("next", (await other.DeliveredAsync()).Payload);
    }

    // [MQTT-3.8.3-4]
    [Fact]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        await client.SendAsync(Packets.Subscribe("$share/g/t", 0x05, properties: []));

        Assert.Equal([0xE0, 1, 0x82], (await client.ReadToEndAsync()).Single());
        Assert.Equal(0, host.Service<SubscriptionTree>().Count);
    }

    [Fact]
    public async Task No_retained_messages_answer_a_shared_subscription()
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c");
        await client.PublishAsync("t", "kept", retain: true);
        await client.SubscribeAsync("$share/g/t", 0);

        await client.SendAsync(Packets.Publish("t", "live", properties: []));

        Assert.Equal("live", (await client.DeliveredAsync()).Payload);
    }

    // [MQTT-4.8.2-1], [MQTT-4.8.2-2]
    [Theory]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//t")]
    [InlineData("$share/+/t")]
    [InlineData("$share/#/t")]
    [InlineData("$share/g#/t")]
    [InlineData("$share/+g/t")]
    [InlineData("$share/g/t/#/u")]
    public async Task A_share_without_a_proper_name_or_filter_is_refused(string filter)
    {
        await using BrokerHost host = await BrokerHost.StartAsync();
        await using TestClient client = await host.JoinAsync("c", Packets.Quiet);

        await client.SendAsync(Packets.Subscribe(filter, properties: []));

        Assert.Equal([0x90, 4, 0, 1, 0, 0x8F], await client.ReadAsync());
    }

    private static Ioc.Broker.Sessions.Session Session(BrokerHost host, string clientId) =>
        host.Service<Ioc.Broker.Sessions.SessionRegistry>().Find(System.Text.Encoding.UTF8.GetBytes(clientId))!;

    // A round of what runs once a second, now.
    private static Task SweptAsync(BrokerHost host)
    {
        host.Service<Ioc.Broker.Sessions.SessionSweeper>().Sweep(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return Task.CompletedTask;
    }

    private static async Task<List<string>> TakeAsync(TestClient client, int count)
    {
        var payloads = new List<string>();
        while (payloads.Count < count)
            payloads.Add((await client.DeliveredAsync()).Payload);
        return payloads;
    }

    // Everything was published and delivered to others already.
    private static async Task<List<string>> TakeUntilAnswerAsync(TestClient client)
    {
        var payloads = new List<string>();
        await client.SendAsync(Packets.Pingreq());
        for (byte[] packet = await client.ReadAsync(); packet[0] != 0xD0; packet = await client.ReadAsync())
            payloads.Add(Delivered.Read(packet).Payload);
        return payloads;
    }

    private static async Task<List<string>> AcknowledgeAsync(TestClient client, int count, int? subscription = null)
    {
        var payloads = new List<string>();
        while (payloads.Count < count)
        {
            Delivered delivered = await client.DeliveredAsync();
            if (subscription is { } number)
                Assert.Equal([number], delivered.SubscriptionIds);
            payloads.Add(delivered.Payload);
            await client.SendAsync(Packets.Puback(delivered.PacketId));
        }

        return payloads;
    }
}
