using System.Runtime.InteropServices;
using Ioc.Broker.Sessions;

namespace Ioc.Broker.Routing;

/// <summary>Receivers of one message, each once. Overlapping subscriptions count as one with the highest QoS granted.</summary>
/// <remarks>Reused from message to message by its owner; not thread-safe.</remarks>
internal sealed class MatchSet
{
    // Beyond this many a dictionary finds a session faster than a walk.
    private const int WalkLimit = 16;

    private readonly List<Target> _targets = [];
    private readonly Dictionary<Session, int> _indexes = [];
    private Session? _publisher;

    public ReadOnlySpan<Target> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>Empties the set for the next message.</summary>
    /// <param name="publisher">Who sent it; its No Local subscriptions do not count.</param>
    public void Start(Session? publisher)
    {
        _publisher = publisher;
        _targets.Clear();
        _indexes.Clear();
    }

    public void Add(Subscriber[] subscribers)
    {
        foreach (Subscriber subscriber in subscribers)
        {
            // [MQTT-3.8.3-3]
            if (subscriber.Options.NoLocal && subscriber.Session == _publisher)
                continue;

            int index = IndexOf(subscriber.Session);
            if (index < 0)
                Append(new Target(subscriber.Session, subscriber.Options.Qos, subscriber.Options.RetainAsPublished));
            else
                _targets[index] = _targets[index].With(subscriber.Options.Qos, subscriber.Options.RetainAsPublished);
        }
    }

    private int IndexOf(Session session)
    {
        if (_targets.Count > WalkLimit)
            return _indexes.TryGetValue(session, out int known) ? known : -1;

        ReadOnlySpan<Target> targets = Targets;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i].Session == session)
                return i;
        }

        return -1;
    }

    private void Append(in Target target)
    {
        _targets.Add(target);
        if (_targets.Count == WalkLimit + 1)
        {
            for (int i = 0; i < _targets.Count; i++)
                _indexes.Add(_targets[i].Session, i);
        }
        else if (_targets.Count > WalkLimit)
        {
            _indexes.Add(target.Session, _targets.Count - 1);
        }
    }
}

/// <summary>One receiver of one message.</summary>
/// <param name="Session">Who.</param>
/// <param name="Qos">Highest QoS granted, 0 or 1.</param>
/// <param name="RetainAsPublished">One of its subscriptions wants the retain flag kept.</param>
internal readonly record struct Target(Session Session, int Qos, bool RetainAsPublished)
{
    public Target With(int qos, bool retainAsPublished) => new(Session, Math.Max(Qos, qos), RetainAsPublished || retainAsPublished);
}
