using Ioc.Broker.Sessions;
using Xunit;

namespace Ioc.Tests.Broker.Sessions;

public sealed class OutgoingQueueTests : IDisposable
{
    private readonly BrokerWorld _world = new(("MaxInflight", "20"));

    [Fact]
    public async Task A_client_that_never_sends_PUBCOMP_cannot_fill_the_window_connection_by_connection()
    {
        SimulatedClient publisher = new(_world, "publisher", expiry: 0);
        SimulatedClient client = new(_world, "client", receiveMaximum: 10);
        client.Subscribe("#", options: 2);
        for (int i = 0; i < 200; i++)
            publisher.Publish("a", qos: 1 + (i % 2), packetId: i + 1);

        for (int i = 0; i < 10; i++)
        {
            await client.DeliverAsync();
            foreach ((ushort id, InflightState state) in client.InFlight())
            {
                if (state != InflightState.AwaitsPubcomp)
                    client.Answer(id, state);
            }

            client.Leave();
            client = new SimulatedClient(_world, "client", cleanStart: false, receiveMaximum: 10);
        }

        Assert.Equal(20, client.InFlight().Count);
    }

    // [MQTT-4.9.0-2] the quota is the present connection's.
    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_client_that_comes_back_with_a_smaller_receive_maximum_gets_no_more_at_once(int receiveMaximum)
    {
        SimulatedClient publisher = new(_world, "publisher", expiry: 0);
        SimulatedClient client = new(_world, "client", receiveMaximum: 6);
        client.Subscribe("#", options: 1);
        for (int i = 0; i < 12; i++)
            publisher.Publish("a", qos: 1);
        await client.DeliverAsync();
        Assert.Equal(6, client.InFlight().Count);
        client.Leave();

        client = new SimulatedClient(_world, "client", cleanStart: false, receiveMaximum: receiveMaximum);
        var round = new Sending[64];
        for (int left = 12; left > 0;)
        {
            int taken = client.Session.Outgoing.Take(client.Writer, durable: long.MaxValue, round, out _);
            Assert.Equal(Math.Min(receiveMaximum, left), taken);
            Assert.Equal(0, client.Session.Outgoing.Take(client.Writer, durable: long.MaxValue, round, out _));
            for (int i = 0; i < taken; i++)
                client.Answer(round[i].PacketId, InflightState.AwaitsPuback);
            left -= taken;
        }

        Assert.Empty(client.InFlight());
        Assert.Equal(0, _world.State.Sessions.DeliveriesHeld);
    }

    [Fact]
    public void A_receiver_that_was_taken_over_ends_no_exchange_of_its_successor()
    {
        SimulatedClient publisher = new(_world, "publisher", expiry: 0);
        SimulatedClient client = new(_world, "client");
        client.Subscribe("#", options: 1);
        publisher.Publish("a", qos: 1);
        var round = new Sending[1];
        Assert.Equal(1, client.Session.Outgoing.Take(client.Writer, durable: long.MaxValue, round, out _));
        client.Leave();
        SimulatedClient young = new(_world, "client", cleanStart: false);

        Assert.False(young.Session.Outgoing.PassOver(client.Writer, round[0].PacketId));

        Assert.Single(young.InFlight());
        Assert.True(young.Session.Outgoing.PassOver(young.Writer, round[0].PacketId));
        Assert.Empty(young.InFlight());
    }

    [Fact]
    public void One_message_to_each_of_very_many_clients_takes_little_room_and_gives_it_back()
    {
        const int Queues = 20_000;
        var room = new DeliveryRoom(capacity: 5 * Queues);
        int[] reserved = new int[Queues];
        for (int i = 0; i < Queues; i++)
            Assert.True(room.TryHold(ref reserved[i], count: 1), $"no room for the {i}th");

        for (int i = 0; i < Queues; i++)
            room.Release(ref reserved[i], count: 0);
        Assert.Equal(0, room.Held);
    }

    [Fact]
    public void Room_held_covers_a_queue_that_grows_and_shrinks_by_chance()
    {
        var random = new Random(5);
        var room = new DeliveryRoom(capacity: 1_000_000);
        int reserved = 0;
        int count = 0;
        for (int i = 0; i < 100_000; i++)
        {
            if (random.Next(100) < (i / 4_000 % 2 == 0 ? 60 : 40))
                Assert.True(room.TryHold(ref reserved, ++count));
            else
                room.Release(ref reserved, count = Math.Max(0, count - 1));

            Assert.InRange(count, 0, reserved);
            Assert.Equal(reserved, room.Held);
            Assert.True(reserved <= (2 * count) + 512, $"{reserved} held for {count}");
        }
    }

    public void Dispose() => _world.Dispose();
}
