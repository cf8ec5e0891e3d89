using Ioc.Broker;
using Ioc.Broker.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ioc.Tests.Broker.Sessions;

/// <summary>A broker without sockets and without anything that runs by itself.</summary>
internal sealed class BrokerWorld : IDisposable
{
    private readonly ServiceProvider _services;

    public BrokerWorld(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Mqtt:" + s.Key, (string?)s.Value))).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IPublishHandler>(Journal)
            .AddBroker(configuration.GetSection("Mqtt"))
            .BuildServiceProvider();
        State = _services.GetRequiredService<BrokerState>();
        Recovery = _services.GetRequiredService<BrokerRecovery>();
        Sweeper = _services.GetRequiredService<SessionSweeper>();
    }

    public HeldJournal Journal { get; } = new();

    public BrokerState State { get; }

    public BrokerRecovery Recovery { get; }

    public SessionSweeper Sweeper { get; }

    /// <summary>Plays another broker's journal from a position on; without <see cref="BrokerRecovery.Complete"/>.</summary>
    public void Replay(HeldJournal journal, long from = 0, long? until = null)
    {
        var all = journal.All;
        for (long position = from; position < (until ?? all.Count); position++)
        {
            (byte[] header, byte[]? payload) = all[(int)position];
            if (payload is null)
                Recovery.ReplayEvent(position, header);
            else
                Recovery.ReplayPublish(position, receivedAtMs: 0, header, payload);
        }
    }

    /// <summary>What must survive a restart, one line per fact.</summary>
    public string Describe()
    {
        var lines = new List<string>();
        foreach (Session session in State.Sessions.All.Where(s => s.IsJournaled).OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            lines.Add($"{session.Name}: expiry {session.ExpirySeconds}, detached {session.DetachedAtMs}, will {session.Will?.DueAtMs}");
            lines.AddRange(session.Subscriptions.Select(s => $"  {System.Text.Encoding.UTF8.GetString(s.Key)} {s.Value.Options.Encoded} {s.Value.Identifiers?[0]}").Order(StringComparer.Ordinal));
            lines.AddRange(session.Incoming.All.OrderBy(i => i.Key).Select(i => $"  incoming {i.Key} at {i.Value}"));
            var waiting = new List<Delivery>();
            session.Outgoing.Save((id, state, delivery) => lines.Add($"  in flight {id} {state} {Of(delivery)}"), (delivery, _) => waiting.Add(delivery));

            // Retained messages that answer a subscription have no order.
            lines.AddRange(waiting.Where(d => d.Retain).Select(d => $"  waiting {Of(d)}").Order(StringComparer.Ordinal));
            lines.AddRange(waiting.Where(d => !d.Retain).Select(d => $"  waiting {Of(d)}"));
        }

        lines.AddRange(State.Retained.All().Select(m => $"retained at {m.Position}").Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    public void Dispose() => _services.Dispose();

    private static string Of(Delivery delivery) => $"{delivery.Position} qos {delivery.Qos} retain {delivery.Retain} ids {string.Join(',', delivery.SubscriptionIds ?? [])}";
}
