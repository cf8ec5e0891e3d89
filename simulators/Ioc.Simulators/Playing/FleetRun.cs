using Ioc.Simulators.Connections;
using Ioc.Simulators.Patterns;
using Ioc.Simulators.Players;
using Ioc.Simulators.Story;
using NodaTime;

namespace Ioc.Simulators.Playing;

/// <summary>Lets every device speak in its period until it is stopped.</summary>
internal sealed class FleetRun(IReadOnlyList<IPlayer> players, LinkPlan plan, LinkOptions options, LinkCounters counters, IClock clock, int seed)
{
    private readonly Dictionary<string, MqttLink> _links = new(StringComparer.Ordinal);

    /// <summary>Connections in use; known once the run has begun.</summary>
    public int ConnectionCount => _links.Count;

    public async Task PlayAsync(SimulatedTime time, Plot plot, CancellationToken ct)
    {
        PriorityQueue<(IPlayer Player, MqttLink Link), Instant> schedule = Arrange(clock.GetCurrentInstant());
        Task[] links = [.. _links.Values.Select(link => link.RunAsync(ct))];
        try
        {
            await SpeakInTurnAsync(schedule, time, plot, ct);
        }
        finally
        {
            await Task.WhenAll(links);
            foreach (MqttLink link in _links.Values)
                await link.DisposeAsync();
        }
    }

    // Everyone's first turn is somewhere in its first period, so that the fleet does not speak in chorus.
    private PriorityQueue<(IPlayer, MqttLink), Instant> Arrange(Instant start)
    {
        var schedule = new PriorityQueue<(IPlayer, MqttLink), Instant>();
        for (int i = 0; i < players.Count; i++)
        {
            IPlayer player = players[i];
            LinkIdentity identity = plan.Of(player.Device, i);
            if (!_links.TryGetValue(identity.ClientId, out MqttLink? link))
                _links.Add(identity.ClientId, link = new MqttLink(options, identity, counters));

            double phase = Noise.Of(seed, player.Device.Key).Uniform(0, 990);
            schedule.Enqueue((player, link), start + player.Device.Period * phase);
        }

        return schedule;
    }

    private async Task SpeakInTurnAsync(
        PriorityQueue<(IPlayer Player, MqttLink Link), Instant> schedule, SimulatedTime time, Plot plot, CancellationToken ct)
    {
        var messages = new List<OutgoingMessage>();
        while (schedule.TryDequeue(out (IPlayer Player, MqttLink Link) turn, out Instant due))
        {
            Duration wait = due - clock.GetCurrentInstant();
            if (wait > Duration.Zero)
                await Task.Delay(wait.ToTimeSpan(), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ct.IsCancellationRequested)
                return;

            Instant now = clock.GetCurrentInstant();
            FleetTurn(turn.Player, time.At(now), plot, messages);
            foreach (OutgoingMessage message in messages)
                turn.Link.Offer(message);

            // A machine that slept does not make up for what it slept through.
            Duration period = turn.Player.Device.Period;
            schedule.Enqueue(turn, now - due > period ? now + period : due + period);
        }
    }

    private static void FleetTurn(IPlayer player, in Moment moment, Plot plot, List<OutgoingMessage> messages)
    {
        messages.Clear();
        if (plot.Strength(SceneKind.Silence, player.Device.Key, moment.Now) < 0.5)
            player.Speak(moment, plot, messages);
    }
}
