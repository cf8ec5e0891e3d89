using System.Buffers;
using System.Collections.Concurrent;

namespace Ioc.Profiles.Sparkplug;

/// <summary>Every birth and death that was journaled, by offset: what data messages without names are read by.</summary>
/// <remarks>
/// Filled by whoever decodes, from the journal alone and not by what profiles say; a message met again changes nothing. So every
/// reader finds at an offset the birth that held there, whoever passed it first. Readers take no lock. Bounded: when full, the
/// nodes that were born or died longest ago are forgotten, and asked for a new birth when they speak again.
/// </remarks>
public sealed class BirthBook
{
    /// <summary>Most nodes and devices together.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Most devices of one node.</summary>
    public const int MaxDevicesPerNode = 4_096;

    /// <summary>Most memory for all certificates.</summary>
    public const long MaxBytes = 128L * 1024 * 1024;

    // Forgetting costs a look at all nodes, so it makes room for many at once.
    private const int ForgottenShare = 16;

    private readonly ConcurrentDictionary<byte[], NodeBirths> _nodes = new(Utf8Key.Comparer);
    private readonly ConcurrentDictionary<byte[], NodeBirths>.AlternateLookup<ReadOnlySpan<byte>> _nodeByKey;
    private readonly ConcurrentDictionary<byte[], DeviceBirths> _devices = new(Utf8Key.Comparer);
    private readonly ConcurrentDictionary<byte[], DeviceBirths>.AlternateLookup<ReadOnlySpan<byte>> _deviceByKey;
    private readonly Lock _writing = new();

    // A replay follows sequences too, but nobody is asked for what has long passed.
    private readonly RebirthWishes _unheard = new();
    private readonly SparkplugDesk _replay;
    private readonly int _maxEntries;
    private long _bytes;
    private long _version;

    /// <summary>Makes an empty book.</summary>
    public BirthBook()
        : this(MaxEntries)
    {
    }

    internal BirthBook(int maxEntries)
    {
        _maxEntries = maxEntries;
        _nodeByKey = _nodes.GetAlternateLookup<ReadOnlySpan<byte>>();
        _deviceByKey = _devices.GetAlternateLookup<ReadOnlySpan<byte>>();
        _replay = new SparkplugDesk(this);
    }

    /// <summary>How many edge nodes are known.</summary>
    public int NodeCount => _nodes.Count;

    /// <summary>How many devices behind them.</summary>
    public int DeviceCount => _devices.Count;

    /// <summary>Takes note of a journaled message without decoding it: what a start does with the journal behind a snapshot.</summary>
    /// <param name="message">Any message; only births, deaths and sequence numbers of the namespace matter.</param>
    /// <param name="followsSequence">False for messages whose sequence nobody follows.</param>
    public void Replay(in RawMessage message, bool followsSequence = true)
    {
        _replay.Wishes = followsSequence ? _unheard : null;
        ReadOnlySpan<byte> topic = message.Topic.StartsWith("/"u8) ? message.Topic[1..] : message.Topic;
        if (topic.StartsWith(SparkplugTopic.Namespace))
            _replay.Note(message, SparkplugTopic.Of(topic));
        _unheard.Clear();
    }

    /// <summary>Writes everything in the book. It may hold messages journaled after the call as well: replaying them changes nothing.</summary>
    public void WriteSnapshot(IBufferWriter<byte> into) => BirthSnapshot.Write(this, into);

    /// <summary>Fills an empty book from a snapshot.</summary>
    /// <returns>False when the bytes are no snapshot of this version.</returns>
    public bool TryRestoreSnapshot(ReadOnlySpan<byte> bytes) => BirthSnapshot.TryRead(bytes, this);

    /// <summary>The same knowledge in a book of its own, for somebody who decodes without being part of the product.</summary>
    public BirthBook Copy()
    {
        var bytes = new ArrayBufferWriter<byte>();
        WriteSnapshot(bytes);
        var copy = new BirthBook();
        copy.TryRestoreSnapshot(bytes.WrittenSpan);
        return copy;
    }

    /// <summary>Rises with every birth and death noted.</summary>
    public long Version => Volatile.Read(ref _version);

    internal IEnumerable<NodeBirths> Nodes => _nodes.Values;

    internal NodeBirths? Find(ReadOnlySpan<byte> source, in SparkplugTopic topic)
    {
        Span<byte> key = stackalloc byte[Utf8Key.MaxBytes];
        return _nodeByKey.TryGetValue(Utf8Key.Write(key, source, topic.Group, topic.Node, default), out NodeBirths? node) ? node : null;
    }

    internal DeviceBirths? FindDevice(ReadOnlySpan<byte> source, in SparkplugTopic topic)
    {
        Span<byte> key = stackalloc byte[Utf8Key.MaxBytes];
        return _deviceByKey.TryGetValue(Utf8Key.Write(key, source, topic.Group, topic.Node, topic.Device), out DeviceBirths? device) ? device : null;
    }

    /// <summary>The birth that data of the topic is read by at an offset; null when there is none that holds.</summary>
    internal BirthCertificate? CertificateAt(ReadOnlySpan<byte> source, in SparkplugTopic topic, long offset)
    {
        if (Find(source, topic) is not { } node)
            return null;
        if (topic.Device.IsEmpty)
            return node.CertificateAt(offset);

        return FindDevice(source, topic) is { } device ? node.CertificateAt(device, offset) : null;
    }

    /// <summary>Notes a birth or death of the topic's node or device.</summary>
    /// <returns>False when the node has as many devices as it may.</returns>
    internal bool TryNote(ReadOnlySpan<byte> source, in SparkplugTopic topic, BirthEvent what)
    {
        // Readers that are behind meet what is already known; they do not wait for the writer.
        if (Known(source, topic)?.Newest is { } newest && newest.Offset >= what.Offset)
            return true;

        lock (_writing)
        {
            if (_bytes > MaxBytes || NodeCount + DeviceCount >= _maxEntries)
                ForgetSome();

            Volatile.Write(ref _version, _version + 1);
            NodeBirths node = Find(source, topic) ?? AddNode(source, topic);
            if (topic.Device.IsEmpty)
            {
                _bytes += node.Own.Add(what);
                return true;
            }

            DeviceBirths? device = FindDevice(source, topic);
            if (device is null && node.Devices.Length >= MaxDevicesPerNode)
                return false;

            _bytes += (device ?? AddDevice(source, topic, node)).History.Add(what);
            return true;
        }
    }

    private BirthHistory? Known(ReadOnlySpan<byte> source, in SparkplugTopic topic) =>
        topic.Device.IsEmpty ? Find(source, topic)?.Own : FindDevice(source, topic)?.History;

    private NodeBirths AddNode(ReadOnlySpan<byte> source, in SparkplugTopic topic)
    {
        var node = new NodeBirths(source.ToArray(), topic.Group.ToArray(), topic.Node.ToArray());
        _nodes[KeyOf(source, topic.Group, topic.Node, default)] = node;
        return node;
    }

    private DeviceBirths AddDevice(ReadOnlySpan<byte> source, in SparkplugTopic topic, NodeBirths node)
    {
        var device = new DeviceBirths(topic.Device.ToArray());
        _devices[KeyOf(source, topic.Group, topic.Node, topic.Device)] = device;
        node.Add(device);
        return device;
    }

    private void ForgetSome()
    {
        List<NodeBirths> quietest = [.. _nodes.Values.OrderBy(NewestOf).Take((_nodes.Count / ForgottenShare) + 1)];
        foreach (NodeBirths node in quietest)
        {
            _nodes.TryRemove(KeyOf(node.Source, node.Group, node.Node, default), out _);
            foreach (DeviceBirths device in node.Devices)
                _devices.TryRemove(KeyOf(node.Source, node.Group, node.Node, device.Device), out _);
        }

        _bytes = _nodes.Values.Sum(node => node.Own.Bytes) + _devices.Values.Sum(device => device.History.Bytes);
    }

    private static long NewestOf(NodeBirths node)
    {
        long newest = node.Own.Newest?.Offset ?? 0;
        foreach (DeviceBirths device in node.Devices)
            newest = Math.Max(newest, device.History.Newest?.Offset ?? 0);
        return newest;
    }

    private static byte[] KeyOf(ReadOnlySpan<byte> source, ReadOnlySpan<byte> group, ReadOnlySpan<byte> node, ReadOnlySpan<byte> device)
    {
        Span<byte> key = stackalloc byte[Utf8Key.MaxBytes];
        return Utf8Key.Write(key, source, group, node, device).ToArray();
    }
}
