using System.Diagnostics.Metrics;

namespace Ioc.Broker;

/// <summary>Why a message or a connection was refused before the journal saw it.</summary>
internal enum Refusal
{
    Malformed,
    ProtocolError,
    PacketTooLarge,
    UnsupportedVersion,
    ClientIdInvalid,
    NotAuthorized,
    TopicInvalid,
    SystemTopic,
    QosNotSupported,
    TopicAliasInvalid,
    ReceiveMaximumExceeded,
    QuotaExceeded,
    Unavailable,
    ConnectTimeout,
    KeepAliveTimeout,
    ConnectionLimit,
}

/// <summary>Why something on its way to a subscriber, or into the retained store, was let go.</summary>
internal enum Drop
{
    Qos0QueueFull,
    QueueFull,
    PacketTooLargeForClient,
    RetainedStoreFull,
    Expired,
    NoLongerKept,
}

/// <summary>What the broker has done since its start; refusals since <see cref="RestoreRefused"/>'s own. Also published as meter <c>Ioc.Broker</c>. Thread-safe.</summary>
public sealed class BrokerCounters : IDisposable
{
    private static readonly string[] RefusalNames = Names<Refusal>();
    private static readonly string[] DropNames = Names<Drop>();

    private readonly long[] _refused = new long[RefusalNames.Length];
    private readonly long[] _dropped = new long[DropNames.Length];
    private readonly Meter _meter;
    private long _connections;
    private long _received;
    private long _delivered;

    /// <summary>Creates the counters and their instruments.</summary>
    public BrokerCounters(IMeterFactory meters)
    {
        _meter = meters.Create("Ioc.Broker");
        _meter.CreateObservableUpDownCounter("ioc.broker.connections", () => Connections, "{connection}", "Open device connections.");
        _meter.CreateObservableCounter("ioc.broker.received", () => Received, "{message}", "Publishes handed to the journal and accepted.");
        _meter.CreateObservableCounter("ioc.broker.delivered", () => Delivered, "{message}", "Messages written to subscribers.");
        _meter.CreateObservableCounter("ioc.broker.refused", () => Measure(_refused, RefusalNames), "{refusal}", "Messages and connections refused before the journal, by reason.");
        _meter.CreateObservableCounter("ioc.broker.dropped", () => Measure(_dropped, DropNames), "{message}", "Messages let go on their way to subscribers, by reason.");
    }

    /// <summary>Open connections, those before CONNECT included.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Publishes accepted since start, wills included.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages written to subscribers since start.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Refusals by reason in camelCase; reasons that never happened are left out.</summary>
    public IReadOnlyDictionary<string, long> RefusedByReason => Snapshot(_refused, RefusalNames);

    /// <summary>Messages not delivered or not retained since start, by reason; reasons that never happened are left out.</summary>
    public IReadOnlyDictionary<string, long> DroppedByReason => Snapshot(_dropped, DropNames);

    /// <summary>Brings back refusals counted before a restart. Reasons that this version does not know are left out.</summary>
    public void RestoreRefused(IReadOnlyDictionary<string, long> counts)
    {
        for (int i = 0; i < _refused.Length; i++)
            Interlocked.Add(ref _refused[i], counts.GetValueOrDefault(RefusalNames[i]));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Refused(Refusal reason) => Interlocked.Increment(ref _refused[(int)reason]);

    internal void Dropped(Drop reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    internal void AddReceived(int messages) => Interlocked.Add(ref _received, messages);

    internal void AddDelivered(int messages) => Interlocked.Add(ref _delivered, messages);

    internal long ConnectionOpened() => Interlocked.Increment(ref _connections);

    internal void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    private static string[] Names<TEnum>()
        where TEnum : struct, Enum =>
        [.. Enum.GetNames<TEnum>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    private static Dictionary<string, long> Snapshot(long[] counts, string[] names)
    {
        var snapshot = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < counts.Length; i++)
        {
            long count = Interlocked.Read(ref counts[i]);
            if (count > 0)
                snapshot.Add(names[i], count);
        }

        return snapshot;
    }

    private static IEnumerable<Measurement<long>> Measure(long[] counts, string[] names)
    {
        for (int i = 0; i < counts.Length; i++)
            yield return new Measurement<long>(Interlocked.Read(ref counts[i]), new KeyValuePair<string, object?>("reason", names[i]));
    }
}
