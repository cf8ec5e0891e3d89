using System.Text;
using Ioc.Broker.Connections;
using Ioc.Broker.Routing;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Sessions;

/// <summary>What the broker knows of one client: its name, its subscriptions, what waits for it, what is half done. May outlive its connection.</summary>
/// <remarks>Changed only inside a batch of the journal, so that its history can be played again; <see cref="Outgoing"/> guards itself.</remarks>
internal sealed class Session(ReadOnlyMemory<byte> clientId, OutgoingQueue outgoing, SessionRoom? room = null)
{
    /// <summary>Lasts until the client ends it.</summary>
    public const uint NeverExpires = uint.MaxValue;

    // A filter is kept here and, level by level, in the tree.
    private const int SubscriptionBytes = 256;

    private Dictionary<byte[], Subscription>? _subscriptions;
    private SessionRoom? _room = room;
    private ReadOnlyMemory<byte> _userName;
    private PendingWill? _will;
    private long _willBytes;
    private long _bytes;
    private volatile ConnectionWriter? _writer;

    /// <summary>For logs and the registry.</summary>
    public string Name { get; } = Encoding.UTF8.GetString(clientId.Span);

    public ReadOnlyMemory<byte> ClientId { get; } = clientId;

    /// <summary>Of the connection that serves it, or served it last.</summary>
    public ReadOnlyMemory<byte> UserName
    {
        get => _userName;
        set
        {
            Count(value.Length - _userName.Length);
            _userName = value;
        }
    }

    public OutgoingQueue Outgoing { get; } = outgoing;

    public IncomingExchanges Incoming { get; } = new();

    /// <summary>Seconds it outlives its connection.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>The journal knows it: its changes are written there, its end too.</summary>
    public bool IsJournaled { get; set; }

    /// <summary>When its connection ended, Unix milliseconds; null while there is one.</summary>
    public long? DetachedAtMs { get; set; }

    /// <summary>A will whose delay is running.</summary>
    public PendingWill? Will
    {
        get => _will;
        set
        {
            _will = value;
            WillBytes = value?.Message.Bytes ?? 0;
        }
    }

    /// <summary>Memory of the will, also while its connection has it.</summary>
    public long WillBytes
    {
        get => _willBytes;
        set
        {
            Count(value - _willBytes);
            _willBytes = value;
        }
    }

    /// <summary>The batch that put something into <see cref="Outgoing"/> last; so that a batch wakes it once.</summary>
    public long TouchedBy { get; set; }

    public int SubscriptionCount => _subscriptions?.Count ?? 0;

    /// <summary>Filters as the client gave them, shared ones with their prefix.</summary>
    public IEnumerable<KeyValuePair<byte[], Subscription>> Subscriptions => _subscriptions ?? [];

    /// <summary>Who sends what waits; null while nobody is connected. Set by the registry.</summary>
    public ConnectionWriter? Writer
    {
        get => _writer;
        set => _writer = value;
    }

    /// <summary>Memory that a filter takes.</summary>
    public static long BytesOf(ReadOnlySpan<byte> filter) => SubscriptionBytes + (2L * filter.Length);

    /// <summary>Memory that a client's names take: as bytes and as text.</summary>
    public static long BytesOf(ReadOnlyMemory<byte> clientId, ReadOnlyMemory<byte> userName) => (3L * clientId.Length) + userName.Length;

    /// <summary>It is in the registry: what it holds counts.</summary>
    public void Enter() => Count(BytesOf(ClientId, default));

    /// <summary>It is over: what it holds counts no more.</summary>
    public void LetGo()
    {
        _room?.Add(-_bytes);
        _room = null;
    }

    /// <summary>Its connection has ended and its time is over.</summary>
    public bool IsExpired(long nowMs) => DetachedAtMs is { } at && ExpirySeconds != NeverExpires && nowMs - at >= ExpirySeconds * 1000L;

    public bool IsSubscribed(ReadOnlySpan<byte> filter) => _subscriptions is not null && _subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(filter);

    /// <summary>Enters a subscription here and in the tree, or replaces its options.</summary>
    public void Subscribe(SubscriptionTree tree, byte[] filter, SubscriptionOptions granted, uint identifier)
    {
        var subscription = new Subscription(granted, identifier == 0 ? null : [identifier]);
        if (!IsSubscribed(filter))
            Count(BytesOf(filter));
        (_subscriptions ??= new Dictionary<byte[], Subscription>(Utf8Comparer.Instance))[filter] = subscription;
        tree.Set(filter, this, subscription);
    }

    public bool Unsubscribe(SubscriptionTree tree, ReadOnlySpan<byte> filter)
    {
        if (_subscriptions is null || !_subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(filter))
            return false;

        Count(-BytesOf(filter));
        return tree.Remove(filter, this);
    }

    public void UnsubscribeAll(SubscriptionTree tree)
    {
        foreach (byte[] filter in _subscriptions?.Keys.ToArray() ?? [])
            Unsubscribe(tree, filter);
        _subscriptions = null;
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        _room?.Add(bytes);
    }
}

/// <summary>What a session wants of one filter.</summary>
/// <param name="Options">With the QoS granted.</param>
/// <param name="Identifiers">The client's number for it, alone in an array that deliveries share; null when it gave none.</param>
internal readonly record struct Subscription(SubscriptionOptions Options, uint[]? Identifiers);

/// <summary>A will that goes out when its time has come, unless the client is back before.</summary>
/// <param name="Message">Ready to be accepted.</param>
/// <param name="DueAtMs">Unix milliseconds.</param>
internal sealed record PendingWill(WillMessage Message, long DueAtMs);
