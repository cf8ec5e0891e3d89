using System.Text;
using Ioc.Broker.Routing;
using Ioc.Mqtt.Packets;

namespace Ioc.Broker.Sessions;

/// <summary>What the broker knows of one client: its name, its subscriptions, what waits for it. Lives as long as its connection.</summary>
/// <remarks>Subscriptions are touched only by the connection's read loop; <see cref="Outgoing"/> by anyone.</remarks>
internal sealed class Session(ReadOnlyMemory<byte> clientId, ReadOnlyMemory<byte> userName, OutgoingQueue outgoing, Action wake)
{
    private readonly HashSet<byte[]> _filters = new(Utf8Comparer.Instance);

    /// <summary>For logs and the registry.</summary>
    public string Name { get; } = Encoding.UTF8.GetString(clientId.Span);

    public ReadOnlyMemory<byte> ClientId { get; } = clientId;

    public ReadOnlyMemory<byte> UserName { get; } = userName;

    public OutgoingQueue Outgoing { get; } = outgoing;

    public int SubscriptionCount => _filters.Count;

    /// <summary>Tells the connection's writer that something waits. Any thread.</summary>
    public void Wake() => wake();

    public bool IsSubscribed(ReadOnlySpan<byte> filter) => _filters.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(filter);

    /// <summary>True when the subscription is new.</summary>
    public bool Subscribe(SubscriptionTree tree, ReadOnlySpan<byte> filter, SubscriptionOptions granted)
    {
        _filters.GetAlternateLookup<ReadOnlySpan<byte>>().Add(filter);
        return tree.Set(filter, this, granted);
    }

    public bool Unsubscribe(SubscriptionTree tree, ReadOnlySpan<byte> filter) =>
        _filters.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(filter) && tree.Remove(filter, this);

    public void UnsubscribeAll(SubscriptionTree tree)
    {
        foreach (byte[] filter in _filters)
            tree.Remove(filter, this);
        _filters.Clear();
    }
}
