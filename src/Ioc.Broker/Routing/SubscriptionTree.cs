using System.Collections.Concurrent;
using Ioc.Broker.Sessions;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Routing;

/// <summary>Who wants which topics, one node per filter level. Matching takes no lock; changes take one for the whole tree.</summary>
/// <remarks>A reader beside a change sees the tree before or after it, per node. Node contents are replaced, never edited.</remarks>
internal sealed class SubscriptionTree
{
    /// <summary>Deepest filter; matching recurses once per level.</summary>
    public const int MaxLevels = 128;

    private readonly Lock _changes = new();
    private readonly Node _root = new();
    private int _count;

    /// <summary>Subscriptions of all sessions.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a subscription or replaces its options.</summary>
    /// <param name="filter">Valid, at most <see cref="MaxLevels"/> deep; with <c>$share/group/</c> in front for a shared one.</param>
    /// <param name="session">Who subscribes.</param>
    /// <param name="subscription">With the QoS granted.</param>
    /// <returns>True when it is new.</returns>
    public bool Set(ReadOnlySpan<byte> filter, Session session, in Subscription subscription)
    {
        var subscriber = new Subscriber(session, subscription.Options, subscription.Identifiers);
        lock (_changes)
        {
            ReadOnlySpan<byte> whole = filter;
            ReadOnlySpan<byte> group = TakeGroup(ref filter);
            Node node = _root;
            bool last;
            do
                node = node.GetOrAdd(TopicFilter.TakeLevel(ref filter, out last));
            while (!last);

            bool isNew;
            if (group.IsEmpty)
            {
                node.Subscribers = With(node.Subscribers, subscriber, out isNew);
            }
            else
            {
                SharedGroup shared = node.GetOrAddGroup(group, whole);
                shared.Members = With(shared.Members, subscriber, out isNew);
            }

            if (isNew)
                _count++;
            return isNew;
        }
    }

    /// <summary>Removes a subscription; false when there was none.</summary>
    public bool Remove(ReadOnlySpan<byte> filter, Session session)
    {
        lock (_changes)
        {
            ReadOnlySpan<byte> group = TakeGroup(ref filter);
            bool removed = Remove(_root, filter, group, session);
            if (removed)
                _count--;
            return removed;
        }
    }

    /// <summary>The group behind a shared filter; null when the filter is not shared or has no members.</summary>
    public SharedGroup? FindGroup(ReadOnlySpan<byte> filter)
    {
        ReadOnlySpan<byte> group = TakeGroup(ref filter);
        if (group.IsEmpty)
            return null;

        Node? node = _root;
        bool last = false;
        while (node is not null && !last)
            node = node.TryGetExact(TopicFilter.TakeLevel(ref filter, out last));
        return node?.FindGroup(group);
    }

    /// <summary>Cuts <c>$share/group/</c> off a filter; empty when it is not a shared one.</summary>
    public static ReadOnlySpan<byte> TakeGroup(ref ReadOnlySpan<byte> filter)
    {
        if (!TopicFilter.IsShared(filter))
            return default;

        TopicFilter.TakeLevel(ref filter, out _);
        return TopicFilter.TakeLevel(ref filter, out _);
    }

    /// <summary>Collects the sessions that want a topic.</summary>
    public void Match(ReadOnlySpan<byte> topic, MatchSet into)
    {
        // [MQTT-4.7.2-1] wildcards at the front do not reach topics that begin with $.
        Match(_root, topic, into, wildcards: !TopicName.IsSystem(topic));
    }

    private static void Match(Node node, ReadOnlySpan<byte> topic, MatchSet into, bool wildcards)
    {
        if (wildcards && node.MultiLevel is { } rest)
            rest.AddTo(into);

        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref topic, out bool last);
        if (node.TryGet(level) is { } named)
            Descend(named, topic, last, into);
        if (wildcards && node.SingleLevel is { } any)
            Descend(any, topic, last, into);
    }

    private static void Descend(Node node, ReadOnlySpan<byte> topic, bool last, MatchSet into)
    {
        if (!last)
        {
            Match(node, topic, into, wildcards: true);
            return;
        }

        node.AddTo(into);
        node.MultiLevel?.AddTo(into); // "a/#" takes "a" too
    }

    private static Subscriber[] With(Subscriber[] subscribers, in Subscriber subscriber, out bool isNew)
    {
        Session session = subscriber.Session;
        int index = Array.FindIndex(subscribers, s => s.Session == session);
        isNew = index < 0;
        Subscriber[] changed = isNew ? [.. subscribers, default] : [.. subscribers];
        changed[isNew ? ^1 : index] = subscriber;
        return changed;
    }

    private static bool Remove(Node node, ReadOnlySpan<byte> filter, ReadOnlySpan<byte> group, Session session)
    {
        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref filter, out bool last);
        if (node.TryGetExact(level) is not { } child)
            return false;

        bool removed;
        if (last)
        {
            removed = child.Remove(group, session);
        }
        else
        {
            removed = Remove(child, filter, group, session);
        }

        if (child.IsEmpty)
            node.RemoveChild(level);
        return removed;
    }

    /// <summary>One level of the tree. Changed under the tree's lock, read without.</summary>
    private sealed class Node
    {
        private volatile ConcurrentDictionary<byte[], Node>? _named;
        private volatile Subscriber[] _subscribers = [];
        private volatile SharedGroup[] _groups = [];
        private volatile Node? _singleLevel;
        private volatile Node? _multiLevel;

        public Subscriber[] Subscribers
        {
            get => _subscribers;
            set => _subscribers = value;
        }

        public Node? SingleLevel => _singleLevel;

        public Node? MultiLevel => _multiLevel;

        public bool IsEmpty => _subscribers.Length == 0 && _groups.Length == 0 && _singleLevel is null && _multiLevel is null && (_named is null || _named.IsEmpty);

        public void AddTo(MatchSet matches)
        {
            matches.Add(_subscribers);
            foreach (SharedGroup group in _groups)
                matches.Add(group);
        }

        public SharedGroup? FindGroup(ReadOnlySpan<byte> name)
        {
            foreach (SharedGroup group in _groups)
            {
                if (name.SequenceEqual(group.Name))
                    return group;
            }

            return null;
        }

        public SharedGroup GetOrAddGroup(ReadOnlySpan<byte> name, ReadOnlySpan<byte> filter)
        {
            if (FindGroup(name) is { } known)
                return known;

            var added = new SharedGroup(name.ToArray(), filter.ToArray());
            _groups = [.. _groups, added];
            return added;
        }

        public bool Remove(ReadOnlySpan<byte> group, Session session)
        {
            if (group.IsEmpty)
            {
                Subscriber[] left = Array.FindAll(_subscribers, s => s.Session != session);
                bool removed = left.Length < _subscribers.Length;
                _subscribers = left;
                return removed;
            }

            if (FindGroup(group) is not { } shared)
                return false;

            Subscriber[] members = Array.FindAll(shared.Members, s => s.Session != session);
            bool gone = members.Length < shared.Members.Length;
            shared.Members = members;
            if (members.Length == 0)
                _groups = Array.FindAll(_groups, g => g != shared);
            return gone;
        }

        public Node? TryGet(ReadOnlySpan<byte> level) =>
            _named is { } named && named.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out Node? node) ? node : null;

        public Node? TryGetExact(ReadOnlySpan<byte> level) => level switch
        {
            [(byte)'+'] => _singleLevel,
            [(byte)'#'] => _multiLevel,
            _ => TryGet(level),
        };

        public Node GetOrAdd(ReadOnlySpan<byte> level)
        {
            if (TryGetExact(level) is { } known)
                return known;

            var added = new Node();
            switch (level)
            {
                case [(byte)'+']:
                    _singleLevel = added;
                    break;
                case [(byte)'#']:
                    _multiLevel = added;
                    break;
                default:
                    _named ??= new ConcurrentDictionary<byte[], Node>(concurrencyLevel: 1, capacity: 3, Utf8Comparer.Instance);
                    _named[level.ToArray()] = added;
                    break;
            }

            return added;
        }

        public void RemoveChild(ReadOnlySpan<byte> level)
        {
            switch (level)
            {
                case [(byte)'+']:
                    _singleLevel = null;
                    break;
                case [(byte)'#']:
                    _multiLevel = null;
                    break;
                default:
                    _named?.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(level, out _);
                    break;
            }
        }
    }
}

/// <summary>One session's wish for one filter.</summary>
internal readonly record struct Subscriber(Session Session, SubscriptionOptions Options, uint[]? Identifiers);
