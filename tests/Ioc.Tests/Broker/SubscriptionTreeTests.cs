using System.Diagnostics.Metrics;
using System.Text;
using Ioc.Broker;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;
using Ioc.Mqtt.Packets;
using Ioc.Tests.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ioc.Tests.Broker;

public sealed class SubscriptionTreeTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public void Random_subscriptions_that_come_and_go_match_as_a_naive_matcher_says()
    {
        var random = new Random(2026);
        var tree = new SubscriptionTree();
        var matches = new MatchSet();
        Session[] sessions = [.. Enumerable.Range(0, 30).Select(i => NewSession($"s{i}"))];
        var held = new HashSet<(Session Session, string Filter)>();

        for (int i = 0; i < 4_000; i++)
        {
            Session session = sessions[random.Next(sessions.Length)];
            string filter = NaiveTopics.Filter(random);
            byte[] bytes = Encoding.UTF8.GetBytes(filter);
            if (random.Next(3) > 0)
                Assert.Equal(held.Add((session, filter)), tree.Set(bytes, session, Wish(1)));
            else
                Assert.Equal(held.Remove((session, filter)), tree.Remove(bytes, session));

            string topic = NaiveTopics.Topic(random);
            matches.Start(publisher: null);
            tree.Match(Encoding.UTF8.GetBytes(topic), matches);
            var expected = held.Where(h => NaiveTopics.Matches(h.Filter, topic)).Select(h => h.Session.Name).Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(expected, matches.Targets.ToArray().Select(t => t.Session.Name).Order(StringComparer.Ordinal));
            Assert.Equal(held.Count, tree.Count);
        }
    }

    [Fact]
    public async Task Matching_beside_changes_finds_what_is_not_being_changed()
    {
        var tree = new SubscriptionTree();
        Session steady = NewSession("steady");
        tree.Set("a/b/c"u8, steady, Wish(1));
        using var stop = new CancellationTokenSource();

        Task changing = Task.Run(() =>
        {
            Session restless = NewSession("restless");
            while (!stop.IsCancellationRequested)
            {
                tree.Set("a/b/+"u8, restless, Wish(0));
                tree.Set("a/#"u8, restless, Wish(0));
                tree.Remove("a/b/+"u8, restless);
                tree.Remove("a/#"u8, restless);
            }
        }, TestContext.Current.CancellationToken);

        var matches = new MatchSet();
        for (int i = 0; i < 100_000; i++)
        {
            matches.Start(publisher: null);
            tree.Match("a/b/c"u8, matches);
            Assert.Contains(matches.Targets.ToArray(), t => t.Session == steady);
        }

        await stop.CancelAsync();
        await changing;
    }

    public void Dispose() => _services.Dispose();

    private static Subscription Wish(int qos) => new(new SubscriptionOptions(qos), Identifiers: null);

    private Session NewSession(string name)
    {
        var counters = new BrokerCounters(_services.GetRequiredService<IMeterFactory>());
        return new Session(Encoding.UTF8.GetBytes(name), new OutgoingQueue(new BrokerOptions(), counters, new DeliveryRoom(1_000)));
    }
}
