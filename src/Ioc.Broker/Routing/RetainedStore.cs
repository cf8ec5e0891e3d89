using System.Buffers;
using System.Collections.Concurrent;
using Ioc.Mqtt.Topics;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Routing;

/// <summary>The last retained message of each topic. Thread-safe; reading takes no lock.</summary>
/// <remarks>Bounded by count and bytes: a message that does not fit is not retained, its topic's older one goes, and the drop is counted.</remarks>
public sealed class RetainedStore
{
    // What an entry costs beside its bytes: dictionary node, key array, message and its array.
    private const int EntryBytes = 160;

    private readonly ConcurrentDictionary<byte[], Message> _messages = new(Utf8Comparer.Instance);
    private readonly Lock _changes = new();
    private readonly BrokerOptions _options;
    private readonly BrokerCounters _counters;
    private long _bytes;
    private int _count;

    /// <summary>Creates an empty store.</summary>
    public RetainedStore(IOptions<BrokerOptions> options, BrokerCounters counters)
    {
        _options = options.Value;
        _counters = counters;
    }

    /// <summary>Topics that have a retained message.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Topics, properties and payloads with their overhead, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Applies a journaled publish after a restart. Records that were not retained are passed over, so every publish may be offered, in journal order.</summary>
    /// <param name="header">The journal record's header; anything that is not one is passed over.</param>
    /// <param name="payload">The record's payload; empty clears the topic.</param>
    public void Restore(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (PublishHeader.TryRead(header, out PublishHeader publish) && publish.Retain)
            Set(publish, new ReadOnlySequence<byte>(payload.ToArray()));
    }

    internal void Set(in PublishHeader header, in ReadOnlySequence<byte> payload)
    {
        lock (_changes)
        {
            // [MQTT-3.3.1-6], [MQTT-3.3.1-7]: an empty payload clears and is not kept itself.
            Forget(header.Topic);
            if (payload.IsEmpty)
                return;

            long bytes = EntryBytes + (2L * header.Topic.Length) + header.Properties.Length + payload.Length;
            if (_count >= _options.MaxRetainedMessages || _bytes + bytes > _options.MaxRetainedBytes)
            {
                _counters.Dropped(Drop.RetainedStoreFull);
                return;
            }

            _messages[header.Topic.ToArray()] = new Message(header, payload);
            _count++;
            _bytes += bytes;
        }
    }

    internal void Find(ReadOnlySpan<byte> filter, List<Message> into)
    {
        if (!TopicFilter.HasWildcard(filter))
        {
            if (_messages.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(filter, out Message? message))
                into.Add(message);
            return;
        }

        // A walk over everything: some 50 ns a topic, once per subscription with a wildcard.
        foreach (KeyValuePair<byte[], Message> entry in _messages)
        {
            if (TopicFilter.Matches(filter, entry.Key))
                into.Add(entry.Value);
        }
    }

    private void Forget(ReadOnlySpan<byte> topic)
    {
        if (!_messages.GetAlternateLookup<ReadOnlySpan<byte>>().TryRemove(topic, out Message? old))
            return;

        _count--;
        _bytes -= EntryBytes + topic.Length + old.Bytes;
    }
}
