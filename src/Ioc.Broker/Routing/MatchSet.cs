using System.Runtime.InteropServices;
using Ioc.Broker.Sessions;

namespace Ioc.Broker.Routing;

/// <summary>Receivers of one message, each once, and a member of each shared subscription beside them. Overlapping subscriptions count as one with the highest QoS granted.</summary>
/// <remarks>Reused from message to message by its owner; not thread-safe.</remarks>
internal sealed class MatchSet
{
    // Beyond this many a dictionary finds a session faster than a walk.
    private const int WalkLimit = 16;

    private readonly List<Target> _targets = [];
    private readonly List<Target> _shared = [];
    private readonly Dictionary<Session, int> _indexes = [];
    private Session? _publisher;

    /// <summary>Sessions with a subscription of their own.</summary>
    public ReadOnlySpan<Target> Targets => CollectionsMarshal.AsSpan(_targets);

    /// <summary>Chosen members of shared subscriptions; a session may be here more than once and above as well.</summary>
    public ReadOnlySpan<Target> Shared => CollectionsMarshal.AsSpan(_shared);

    public bool IsEmpty => _targets.Count == 0 && _shared.Count == 0;

    /// <summary>Empties the set for the next message.</summary>
    /// <param name="publisher">Who sent it; its No Local subscriptions do not count.</param>
    public void Start(Session? publisher)
    {
        _publisher = publisher;
        _targets.Clear();
        _shared.Clear();
        _indexes.Clear();
    }

    public void Add(Subscriber[] subscribers)
    {
        foreach (ref readonly Subscriber subscriber in subscribers.AsSpan())
        {
            // [MQTT-3.8.3-3]
            if (subscriber.Options.NoLocal && subscriber.Session == _publisher)
                continue;

            int index = IndexOf(subscriber.Session);
            if (index < 0)
                Append(Target.Of(subscriber, group: null));
            else
                _targets[index] = _targets[index].With(subscriber);
        }
    }

    public void Add(SharedGroup group)
    {
        if (group.TryPick(except: null, eagerOnly: false, out Subscriber picked))
            _shared.Add(Target.Of(picked, group));
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
/// <param name="Qos">Highest QoS granted, 0 to 2.</param>
/// <param name="RetainAsPublished">One of its subscriptions wants the retain flag kept.</param>
/// <param name="Identifiers">Numbers of its subscriptions that matched; null when none has one.</param>
/// <param name="Group">The shared subscription it was chosen for.</param>
internal readonly record struct Target(Session Session, int Qos, bool RetainAsPublished, uint[]? Identifiers, SharedGroup? Group)
{
    public static Target Of(in Subscriber subscriber, SharedGroup? group) =>
        new(subscriber.Session, subscriber.Options.Qos, subscriber.Options.RetainAsPublished, subscriber.Identifiers, group);

    // [MQTT-3.3.4-2] the highest QoS of all; [MQTT-3.3.4-4] all identifiers, of those that have one.
    public Target With(in Subscriber subscriber) => this with
    {
        Qos = Math.Max(Qos, subscriber.Options.Qos),
        RetainAsPublished = RetainAsPublished || subscriber.Options.RetainAsPublished,
        Identifiers = subscriber.Identifiers is null ? Identifiers : Identifiers is null ? subscriber.Identifiers : [.. Identifiers, .. subscriber.Identifiers],
    };
}
