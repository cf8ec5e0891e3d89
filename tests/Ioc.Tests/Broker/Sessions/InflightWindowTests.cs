using Ioc.Broker.Sessions;
using Xunit;

namespace Ioc.Tests.Broker.Sessions;

public class InflightWindowTests
{
    [Fact]
    public void Random_exchanges_stand_as_in_a_dictionary_also_when_packet_ids_begin_again()
    {
        var random = new Random(7);
        var window = new InflightWindow();
        var known = new Dictionary<ushort, long>();
        var order = new List<ushort>();
        for (int i = 0; i < 200_000; i++)
        {
            // Grows and shrinks in waves, so that the table doubles while some exchanges are very old.
            if (known.Count == 0 || random.Next(100) < (i / 3_000 % 2 == 0 ? 58 : 42))
            {
                ushort id = window.Add(new Delivery(i, -1, (byte)(1 + (i % 2)), Retain: false));
                Assert.NotEqual(0, id);
                Assert.True(known.TryAdd(id, i), $"{id} was given twice");
                order.Add(id);
            }
            else
            {
                ushort id = order[random.Next(order.Count)];
                order.Remove(id);
                Assert.Equal(known[id], window.Find(id).Delivery.Position);
                Assert.True(window.Remove(id));
                Assert.False(window.Remove(id));
                known.Remove(id);
            }

            ushort any = (ushort)random.Next(ushort.MaxValue + 1);
            Assert.Equal(known.ContainsKey(any), window.Find(any).State != InflightState.None);
            Assert.Equal(known.Count, window.Count);
        }

        Assert.Equal(order, window.InOrder());
    }

    [Fact]
    public void All_packet_ids_but_one_may_be_taken_and_the_last_is_found()
    {
        var window = new InflightWindow();
        for (int i = 0; i < ushort.MaxValue - 1; i++)
            window.Add(new Delivery(i, -1, 1, Retain: false));
        window.Remove(4_711);

        window.Add(new Delivery(0, -1, 1, Retain: false));
        Assert.Equal(4_711, window.Add(new Delivery(0, -1, 1, Retain: false)));
    }

    [Fact]
    public void What_is_restored_in_any_order_is_found_again()
    {
        ushort[] ids = [.. Enumerable.Range(1, ushort.MaxValue).Select(id => (ushort)id)];
        new Random(3).Shuffle(ids);
        ids = ids[..2_000];
        var window = new InflightWindow();
        foreach (ushort id in ids)
            window.Restore(id, new Delivery(id, -1, 2, Retain: false), InflightState.AwaitsPubrec);

        Assert.Equal(ids, window.InOrder());
        Assert.All(ids, id => Assert.Equal(id, window.Find(id).Delivery.Position));
    }
}
