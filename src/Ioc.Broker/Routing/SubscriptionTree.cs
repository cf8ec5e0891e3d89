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
    /// <param name="filter">Valid, at most <see cref="MaxLevels"/> deep.</param>
    /// <param name="session">Who subscribes.</param>
    /// <param name="options">With the QoS granted.</param>
    /// <returns>True when it is new.</returns>
    public bool Set(ReadOnlySpan<byte> filter, Session session, SubscriptionOptions options)
    {
        lock (_changes)
        {
            Node node = _root;
            bool last;
            do
                node = node.GetOrAdd(TopicFilter.TakeLevel(ref filter, out last));
            while (!last);

            int index = Array.FindIndex(node.Subscribers, s => s.Session == session);
            Subscriber[] changed = index < 0 ? [.. node.Subscribers, default] : [.. node.Subscribers];
            changed[index < 0 ? ^1 : index] = new Subscriber(session, options);
            node.Subscribers = changed;
            if (index < 0)
                _count++;
            return index < 0;
        }
    }

    /// <summary>Removes a subscription; false when there was none.</summary>
    public bool Remove(ReadOnlySpan<byte> filter, Session session)
    {
        lock (_changes)
        {
            bool removed = Remove(_root, filter, session);
            if (removed)
                _count--;
            return removed;
        }
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
            into.Add(rest.Subscribers);

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

        into.Add(node.Subscribers);
        if (node.MultiLevel is { } parent)
            into.Add(parent.Subscribers); // "a/#" takes "a" too
    }

    private static bool Remove(Node node, ReadOnlySpan<byte> filter, Session session)
    {
        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref filter, out bool last);
        if (node.TryGetExact(level) is not { } child)
            return false;

        bool removed;
        if (last)
        {
            Subscriber[] left = Array.FindAll(child.Subscribers, s => s.Session != session);
            removed = left.Length < child.Subscribers.Length;
            child.Subscribers = left;
        }
        else
        {
            removed = Remove(child, filter, session);
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
        private volatile Node? _singleLevel;
        private volatile Node? _multiLevel;

        public Subscriber[] Subscribers
        {
            get => _subscribers;
            set => _subscribers = value;
        }

        public Node? SingleLevel => _singleLevel;

        public Node? MultiLevel => _multiLevel;

        public bool IsEmpty => _subscribers.Length == 0 && _singleLevel is null && _multiLevel is null && (_named is null || _named.IsEmpty);

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
internal readonly record struct Subscriber(Session Session, SubscriptionOptions Options);
