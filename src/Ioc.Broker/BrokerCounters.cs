using System.Diagnostics.Metrics;
using Ioc.Broker.Access;
using Ioc.Broker.Routing;
using Ioc.Broker.Sessions;

namespace Ioc.Broker;

/// <summary>Why a message or a connection was refused before the journal saw it. Names are kept over restarts; add, do not rename.</summary>
internal enum Refusal
{
    Malformed,
    ProtocolError,
    PacketTooLarge,
    UnsupportedVersion,
    ClientIdInvalid,

    /// <summary>A connect with a wrong password, an unknown name, or none where one is needed.</summary>
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

    /// <summary>A publish, or a will, outside the client's own topics.</summary>
    PublishNotAuthorized,

    /// <summary>A filter that reaches beyond the client's own topics.</summary>
    SubscribeNotAuthorized,

    /// <summary>Somebody on the ban list.</summary>
    Banned,

    /// <summary>An address or a client that connects too often.</summary>
    ConnectRateExceeded,

    /// <summary>A connection that was closed for being too fast. One that is only left unread is refused nothing.</summary>
    MessageRateExceeded,

    /// <summary>Too many passwords to verify at a time.</summary>
    Busy,

    /// <summary>An open connection whose credential was revoked or changed.</summary>
    Revoked,
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
    NotAuthorized,
}

/// <summary>What the broker has done since its start; refusals since <see cref="RestoreRefused"/>'s own. Also published as meter <c>Ioc.Broker</c>. Thread-safe.</summary>
public sealed class BrokerCounters : IDisposable
{
    /// <summary>Clients whose refusals are kept apart; the one refused longest ago goes when another comes.</summary>
    public const int MaxRefusedClients = 10_000;

    private static readonly string[] DropNames = Names<Drop>();

    private readonly RefusalTable _refusedClients;
    private readonly long[] _refused = new long[RefusalNames.Count];
    private readonly long[] _dropped = new long[DropNames.Length];
    private readonly Meter _meter;
    private long _connections;
    private long _received;
    private long _delivered;

    /// <summary>Creates the counters and their instruments.</summary>
    /// <param name="meters">Where they are published.</param>
    /// <param name="time">When a client was refused; null: the system's.</param>
    public BrokerCounters(IMeterFactory meters, TimeProvider? time = null)
    {
        _refusedClients = new RefusalTable(MaxRefusedClients, time ?? TimeProvider.System);
        _meter = meters.Create("Ioc.Broker");
        _meter.CreateObservableUpDownCounter("ioc.broker.connections", () => Connections, "{connection}", "Open device connections.");
        _meter.CreateObservableCounter("ioc.broker.received", () => Received, "{message}", "Publishes handed to the journal and accepted.");
        _meter.CreateObservableCounter("ioc.broker.delivered", () => Delivered, "{message}", "Messages written to subscribers.");
        _meter.CreateObservableCounter("ioc.broker.refused", () => Measure<Refusal>(_refused, RefusalNames.Of), "{refusal}", "Messages and connections refused before the journal, by reason.");
        _meter.CreateObservableCounter("ioc.broker.dropped", () => Measure<Drop>(_dropped, static drop => DropNames[(int)drop]), "{message}", "Messages let go on their way to subscribers, by reason.");
    }

    /// <summary>Adds what is held at present to the instruments.</summary>
    internal void Observe(SessionRegistry sessions, RetainedStore retained)
    {
        _meter.CreateObservableUpDownCounter("ioc.broker.sessions", () => sessions.Count, "{session}", "MQTT sessions, with and without a connection.");
        _meter.CreateObservableUpDownCounter("ioc.broker.retained", () => retained.Count, "{message}", "Topics with a retained message.");
        _meter.CreateObservableUpDownCounter("ioc.broker.waiting", () => sessions.DeliveriesHeld, "{message}", "Deliveries that room is held for, over all sessions, in blocks of 256.");
    }

    /// <summary>Open connections, those before CONNECT included.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Publishes accepted since start, wills included.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages written to subscribers since start.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Refusals by reason in camelCase; reasons that never happened are left out.</summary>
    public IReadOnlyDictionary<string, long> RefusedByReason => RefusalNames.Snapshot(_refused);

    /// <summary>Messages not delivered or not retained since start, by reason; reasons that never happened are left out.</summary>
    public IReadOnlyDictionary<string, long> DroppedByReason => RefusalNames.Snapshot(_dropped, DropNames);

    /// <summary>Brings back refusals counted before a restart. Reasons that this version does not know are left out.</summary>
    public void RestoreRefused(IReadOnlyDictionary<string, long> counts)
    {
        for (int i = 0; i < _refused.Length; i++)
            Interlocked.Add(ref _refused[i], counts.GetValueOrDefault(RefusalNames.Of((Refusal)i)));
    }

    /// <summary>Clients that were refused something since start, the newest refusal first.</summary>
    /// <param name="before">The <see cref="ClientRefusals.Sequence"/> of the last one on the page before; null for the first page.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="name">Only those whose client id or user name this is; null for all.</param>
    public IReadOnlyList<ClientRefusals> RefusedClients(long? before, int limit, string? name = null) =>
        _refusedClients.Read(before ?? long.MaxValue, limit, name);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Counts a refusal of somebody who is not known at all.</summary>
    internal void Refused(Refusal reason) => Interlocked.Increment(ref _refused[(int)reason]);

    /// <summary>Counts a refusal and whose it was.</summary>
    internal void Refused(Refusal reason, in RefusedClient who)
    {
        _refusedClients.Add(reason, who);
        Interlocked.Increment(ref _refused[(int)reason]);
    }

    internal void Dropped(Drop reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    internal void AddReceived(int messages) => Interlocked.Add(ref _received, messages);

    internal void AddDelivered(int messages) => Interlocked.Add(ref _delivered, messages);

    internal long ConnectionOpened() => Interlocked.Increment(ref _connections);

    internal void ConnectionClosed() => Interlocked.Decrement(ref _connections);

    private static string[] Names<TEnum>()
        where TEnum : struct, Enum =>
        [.. Enum.GetNames<TEnum>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    private static IEnumerable<Measurement<long>> Measure<TEnum>(long[] counts, Func<TEnum, string> name)
        where TEnum : struct, Enum
    {
        TEnum[] reasons = Enum.GetValues<TEnum>();
        for (int i = 0; i < counts.Length; i++)
            yield return new Measurement<long>(Interlocked.Read(ref counts[i]), new KeyValuePair<string, object?>("reason", name(reasons[i])));
    }
}
