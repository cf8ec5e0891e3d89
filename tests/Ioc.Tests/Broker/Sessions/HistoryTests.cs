using System.Buffers;
using Ioc.Broker.Sessions;
using Ioc.Tests.Mqtt;
using Xunit;

namespace Ioc.Tests.Broker.Sessions;

/// <summary>Histories made by chance: what the broker is when it ends must be what it is after a restart, and nothing was lost on the way.</summary>
public class HistoryTests
{
    private static readonly string[] Names = ["ana", "binh", "chi", "dung"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(2026)]
    public async Task Live_replayed_and_restored_from_any_snapshot_are_the_same(int seed)
    {
        var random = new Random(seed);
        using var live = new BrokerWorld();
        var clients = new Dictionary<string, SimulatedClient>();
        var owed = new Dictionary<string, Owed>();
        var kept = new Dictionary<string, int>();
        var snapshots = new List<(long Offset, byte[] Bytes)>();
        for (int step = 0; step < 1_500; step++)
        {
            string name = Names[random.Next(Names.Length)];
            if (!clients.TryGetValue(name, out SimulatedClient? client))
            {
                // "dung" takes hardly any packet: most of what it is sent is passed over.
                client = clients[name] = new SimulatedClient(live, name, cleanStart: random.Next(6) == 0, receiveMaximum: random.Next(1, 6), maxPacketBytes: name == "dung" ? 14u : uint.MaxValue);
                if (!client.Present)
                    owed[name] = new Owed();
            }

            await StepAsync(random, name, client, clients, owed, kept);
            if (step % 190 == 100)
                snapshots.Add(TakeSnapshot(live));
        }

        foreach ((string name, SimulatedClient client) in clients.Where(c => c.Key != "dung"))
            Assert.Equal((name, owed[name].Expected), (name, owed[name].Finished + client.InFlight().Count + client.WaitingCount()));

        foreach (SimulatedClient client in clients.Values)
            client.Leave();

        using var replayed = new BrokerWorld();
        replayed.Replay(live.Journal);
        replayed.Recovery.Complete();
        Assert.Equal(live.Describe(), replayed.Describe());
        foreach ((long offset, byte[] bytes) in snapshots)
        {
            using var restored = new BrokerWorld();
            Assert.True(restored.Recovery.TryRestoreSnapshot(bytes));
            restored.Replay(live.Journal, offset);
            restored.Recovery.Complete();
            Assert.Equal(live.Describe(), restored.Describe());
        }
    }

    private static async Task StepAsync(Random random, string name, SimulatedClient client, Dictionary<string, SimulatedClient> clients, Dictionary<string, Owed> owed, Dictionary<string, int> kept)
    {
        string topic = NaiveTopics.Topic(random);
        string filter = NaiveTopics.Filter(random);
        switch (random.Next(20))
        {
            case < 7:
                Publish(random, client, topic, owed, kept);
                break;
            case < 9:
                int qos = random.Next(3);
                owed[name].Filters[filter] = qos;
                owed[name].Expected += kept.Count(k => NaiveTopics.Matches(filter, k.Key) && Math.Min(k.Value, qos) > 0);
                client.Subscribe(filter, qos, identifier: random.Next(3));
                break;
            case 9 when owed[name].Filters.Count > 0:
                string old = owed[name].Filters.Keys.ElementAt(random.Next(owed[name].Filters.Count));
                owed[name].Filters.Remove(old);
                client.Unsubscribe(old);
                break;
            case 10:
                clients.Remove(name);
                client.Leave(nowMs: random.Next(1, 9_000));
                break;
            case < 14:
                await client.DeliverAsync();
                break;
            default:
                if (client.InFlight() is { Count: > 0 } inflight)
                {
                    (ushort id, InflightState state) = inflight[random.Next(inflight.Count)];
                    client.Answer(id, state);
                    owed[name].Finished += state == InflightState.AwaitsPubrec ? 0 : 1;
                }

                break;
        }
    }

    private static void Publish(Random random, SimulatedClient client, string topic, Dictionary<string, Owed> owed, Dictionary<string, int> kept)
    {
        int qos = random.Next(3);
        bool retain = random.Next(4) == 0;
        string payload = retain && random.Next(3) == 0 ? "" : "x";
        ushort packetId = (ushort)random.Next(1, 5);
        if (client.Session.Incoming.TryGet(packetId, out _))
        {
            client.Release(packetId);
            return;
        }

        client.Publish(topic, qos, packetId, retain, payload);
        foreach (Owed session in owed.Values)
        {
            if (session.Filters.Where(f => NaiveTopics.Matches(f.Key, topic)).Select(f => f.Value).DefaultIfEmpty().Max() is var granted && Math.Min(granted, qos) > 0)
                session.Expected++;
        }

        if (retain)
            kept.Remove(topic);
        if (retain && payload.Length > 0)
            kept[topic] = qos;
    }

    private static (long Offset, byte[] Bytes) TakeSnapshot(BrokerWorld world)
    {
        var bytes = new ArrayBufferWriter<byte>();
        return (world.Recovery.TakeSnapshot(bytes), bytes.WrittenSpan.ToArray());
    }

    /// <summary>The naive opinion: how many messages at QoS 1 and 2 a session must have had, has or will get.</summary>
    private sealed class Owed
    {
        public Dictionary<string, int> Filters { get; } = [];

        public int Expected { get; set; }

        public int Finished { get; set; }
    }
}
