using System.Buffers;
using System.Collections.Concurrent;
using Ioc.Mqtt.Topics;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Routing;

/// <summary>The last retained message of each topic, one node per topic level. Changed inside the journal's batch, or by the sweeper, under one lock; reading takes none.</summary>
/// <remarks>Bounded by count and bytes: a message that does not fit is not retained, its topic's older one goes, and the drop is counted.</remarks>
internal sealed class RetainedStore(IOptions<BrokerOptions> options, BrokerCounters counters)
{
    private readonly Lock _changes = new();
    private readonly Node _root = new();
    private long _bytes;
    private int _count;
    private long _version;

    /// <summary>Topics that have a retained message.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Messages with their overhead, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Grows with every change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Keeps a publish that asked for it, or clears its topic.</summary>
    public void Set(in PublishHeader header, ReadOnlySpan<byte> encodedHeader, in ReadOnlySequence<byte> payload, long position, long receivedAtMs)
    {
        lock (_changes)
        {
            _version++;

            // [MQTT-3.3.1-6], [MQTT-3.3.1-7]: an empty payload clears and is not kept itself.
            Forget(_root, header.Topic);
            if (payload.IsEmpty)
                return;

            long expires = MessageExpiry.EndsAt(header.Properties, receivedAtMs);
            var message = new RetainedMessage(encodedHeader.ToArray(), payload.ToArray(), header.Qos, position, receivedAtMs, expires);
            bool tooDeep = header.Topic.Count((byte)'/') >= SubscriptionTree.MaxLevels;
            if (tooDeep || _count >= options.Value.MaxRetainedMessages || _bytes + message.Bytes > options.Value.MaxRetainedBytes)
            {
                counters.Dropped(Drop.RetainedStoreFull);
                return;
            }

            Node node = _root;
            ReadOnlySpan<byte> rest = header.Topic;
            bool last;
            do
                node = node.GetOrAdd(TopicFilter.TakeLevel(ref rest, out last));
            while (!last);

            node.Message = message;
            _count++;
            _bytes += message.Bytes;
        }
    }

    /// <summary>Collects what a filter takes and has not expired.</summary>
    public void Find(ReadOnlySpan<byte> filter, long nowMs, List<RetainedMessage> into) => Find(_root, filter, nowMs, into, atRoot: true);

    /// <summary>All messages kept.</summary>
    public List<RetainedMessage> All()
    {
        var all = new List<RetainedMessage>(Count);
        Collect(_root, long.MinValue, all, atRoot: false);
        return all;
    }

    /// <summary>Lets go of what has expired.</summary>
    public void Sweep(long nowMs)
    {
        foreach (RetainedMessage message in All())
        {
            if (message.ExpiresAtMs > nowMs || !PublishHeader.TryRead(message.Header, out PublishHeader header))
                continue;

            lock (_changes)
            {
                if (Find(_root, header.Topic)?.Message == message)
                {
                    _version++;
                    Forget(_root, header.Topic);
                }
            }
        }
    }

    private static Node? Find(Node node, ReadOnlySpan<byte> topic)
    {
        Node? found = node;
        for (bool last = false; found is not null && !last;)
            found = found.TryGet(TopicFilter.TakeLevel(ref topic, out last));
        return found;
    }

    private static void Find(Node node, ReadOnlySpan<byte> filter, long nowMs, List<RetainedMessage> into, bool atRoot)
    {
        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref filter, out bool last);
        if (level is [(byte)'#'])
        {
            if (!atRoot)
                node.AddTo(into, nowMs); // "a/#" takes "a" too
            CollectBelow(node, nowMs, into, atRoot);
        }
        else if (level is [(byte)'+'])
        {
            foreach (KeyValuePair<byte[], Node> child in node.Children)
            {
                if (!(atRoot && TopicName.IsSystem(child.Key)))
                    Descend(child.Value, filter, last, nowMs, into);
            }
        }
        else if (node.TryGet(level) is { } child)
        {
            Descend(child, filter, last, nowMs, into);
        }
    }

    private static void Descend(Node node, ReadOnlySpan<byte> filter, bool last, long nowMs, List<RetainedMessage> into)
    {
        if (last)
            node.AddTo(into, nowMs);
        else
            Find(node, filter, nowMs, into, atRoot: false);
    }

    private static void Collect(Node node, long nowMs, List<RetainedMessage> into, bool atRoot)
    {
        node.AddTo(into, nowMs);
        CollectBelow(node, nowMs, into, atRoot);
    }

    private static void CollectBelow(Node node, long nowMs, List<RetainedMessage> into, bool atRoot)
    {
        foreach (KeyValuePair<byte[], Node> child in node.Children)
        {
            // [MQTT-4.7.2-1] wildcards at the front do not reach topics that begin with $.
            if (!(atRoot && TopicName.IsSystem(child.Key)))
                Collect(child.Value, nowMs, into, atRoot: false);
        }
    }

    private void Forget(Node node, ReadOnlySpan<byte> topic)
    {
        ReadOnlySpan<byte> level = TopicFilter.TakeLevel(ref topic, out bool last);
        if (node.TryGet(level) is not { } child)
            return;

        if (!last)
        {
            Forget(child, topic);
        }
        else if (child.Message is { } old)
        {
            _count--;
            _bytes -= old.Bytes;
            child.Message = null;
        }

        if (child.IsEmpty)
            node.Remove(level);
    }

    private sealed class Node
    {
        private volatile ConcurrentDictionary<byte[], Node>? _children;
        private volatile RetainedMessage? _message;

        public RetainedMessage? Message
        {
            get => _message;
            set => _message = value;
        }

        public IEnumerable<KeyValuePair<byte[], Node>> Children => _children ?? Enumerable.Empty<KeyValuePair<byte[], Node>>();

        public bool IsEmpty => _message is null && (_children is null || _children.IsEmpty);

        public void AddTo(List<RetainedMessage> into, long nowMs)
        {
            if (_message is { } message && message.ExpiresAtMs > nowMs)
                into.Add(message);
        }

        public Node? TryGet(ReadOnlySpan<byte> level) =>
            _children is { } children && children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out Node? node) ? node : null;

        public Node GetOrAdd(ReadOnlySpan<byte> level)
        {
            if (TryGet(level) is { } known)
                return known;

            var added = new Node();
            (_children ??= new ConcurrentDictionary<byte[], Node>(concurrencyLevel: 1, capacity: 3, Utf8Comparer.Instance))[level.ToArray()] = added;
            return added;
        }

        public void Remove(ReadOnlySpan<byte> level) => _children?.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(level, out _);
    }
}
