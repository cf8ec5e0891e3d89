using Ioc.Broker.Sessions;
using Xunit;

namespace Ioc.Tests.Broker.Sessions;

public sealed class SessionReplayTests : IDisposable
{
    private readonly BrokerWorld _live = new();
    private readonly BrokerWorld _replayed = new();

    [Fact]
    public async Task A_message_sent_through_a_shared_subscription_stays_owed_to_a_member_that_wanted_it_for_itself()
    {
        SimulatedClient publisher = new(_live, "publisher", expiry: 0);
        SimulatedClient one = new(_live, "one");
        SimulatedClient two = new(_live, "two");
        one.Subscribe("$share/g/a", options: 1);
        two.Subscribe("$share/g/a", options: 1);
        two.Subscribe("a", options: 1);
        for (int i = 0; i < 10; i++)
            publisher.Publish("a", qos: 1);
        await one.DeliverAsync();

        _replayed.Replay(_live.Journal);
        _replayed.Recovery.Complete();

        // Both ways together: ten for two itself, ten shared by both.
        Assert.Equal(20, Owed("one") + Owed("two"));
        Assert.Equal(one.InFlight().Count, InFlight("one"));
    }

    [Fact]
    public async Task What_an_unsubscriber_left_to_other_members_is_theirs_after_a_restart_too()
    {
        SimulatedClient publisher = new(_live, "publisher", expiry: 0);
        SimulatedClient one = new(_live, "one");
        one.Subscribe("$share/g/a", options: 1);
        for (int i = 0; i < 10; i++)
            publisher.Publish("a", qos: 1);
        SimulatedClient two = new(_live, "two");
        two.Subscribe("$share/g/a", options: 1);
        one.Unsubscribe("$share/g/a");
        await two.DeliverAsync();
        Assert.Equal(10, two.InFlight().Count);

        _replayed.Replay(_live.Journal);
        _replayed.Recovery.Complete();

        Assert.Equal((0, 10), (Owed("one"), Owed("two")));
        Assert.Equal(10, InFlight("two"));
    }

    [Fact]
    public void Retained_messages_once_sent_at_QoS_0_do_not_come_again_after_a_restart()
    {
        SimulatedClient client = new(_live, "client");
        client.Publish("a", qos: 1, retain: true);
        client.Subscribe("#", options: 0);

        _replayed.Replay(_live.Journal);
        _replayed.Recovery.Complete();

        Assert.Equal(0, _replayed.State.Sessions.Find("client"u8)!.Outgoing.Waiting);
    }

    [Fact]
    public void A_session_that_was_away_for_long_once_is_not_swept_while_history_is_played()
    {
        SimulatedClient client = new(_live, "client", expiry: 60);
        client.Subscribe("a", options: 1);
        client.Leave(nowMs: 1_000); // and back in time
        long away = _live.Journal.All.Count;
        _ = new SimulatedClient(_live, "client", cleanStart: false, expiry: 60);

        // The sweeper runs already while the journal is read.
        _replayed.Replay(_live.Journal, until: away);
        _replayed.Sweeper.Sweep(nowMs: 1_000_000_000);
        _replayed.Replay(_live.Journal, from: away);
        _replayed.Recovery.Complete();

        Assert.Equal(1, _replayed.State.Sessions.Find("client"u8)?.SubscriptionCount);
    }

    [Fact]
    public void A_client_that_the_journal_cannot_let_in_leaves_its_session_as_it_was()
    {
        SimulatedClient client = new(_live, "client", expiry: 60);
        client.Leave();
        _live.Journal.Answer(Ioc.Broker.AcceptOutcome.Unavailable);

        _live.Journal.BeginBatch();
        Session? refused = _live.State.Sessions.Open("client"u8.ToArray(), "other"u8.ToArray(), cleanStart: false, expirySeconds: 0, nowMs: 6_000, out _, out _, out _);
        _live.Journal.EndBatch();

        Assert.Null(refused);
        Session kept = _live.State.Sessions.Find("client"u8)!;
        Assert.Equal((60u, 0, true), (kept.ExpirySeconds, kept.UserName.Length, kept.IsJournaled));
    }

    [Fact]
    public async Task Sweeping_beside_a_client_that_subscribes_harms_neither()
    {
        SimulatedClient publisher = new(_live, "publisher", expiry: 0);
        SimulatedClient client = new(_live, "client");
        for (int i = 0; i < 50; i++)
            client.Subscribe($"kept/{i}", options: 1);
        publisher.Publish("kept/0", qos: 1);
        using var stop = new CancellationTokenSource();
        Task subscribing = Task.Run(
            () =>
            {
                for (int i = 0; !stop.IsCancellationRequested; i++)
                {
                    client.Subscribe($"restless/{i % 40}", options: 1);
                    client.Unsubscribe($"restless/{(i + 20) % 40}");
                }
            },
            TestContext.Current.CancellationToken);

        for (int i = 0; i < 2_000; i++)
            _live.Sweeper.Sweep(nowMs: 1);
        await stop.CancelAsync();
        await subscribing;
    }

    public void Dispose()
    {
        _live.Dispose();
        _replayed.Dispose();
    }

    private int Owed(string name) => InFlight(name) + _replayed.State.Sessions.Find(System.Text.Encoding.UTF8.GetBytes(name))!.Outgoing.Waiting;

    private int InFlight(string name)
    {
        int count = 0;
        _replayed.State.Sessions.Find(System.Text.Encoding.UTF8.GetBytes(name))!.Outgoing.Save((_, _, _) => count++, (_, _) => { });
        return count;
    }
}
