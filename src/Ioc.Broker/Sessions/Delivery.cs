using Ioc.Broker.Routing;

namespace Ioc.Broker.Sessions;

/// <summary>A message on its way to one session: where it lies, not what it says.</summary>
/// <param name="Position">In the journal; nothing is sent before it is durable.</param>
/// <param name="Address">In <see cref="MessageTail"/>; negative when it was never there.</param>
/// <param name="Qos">The lower of published and granted.</param>
/// <param name="Retain">The flag the receiver shall see.</param>
internal readonly record struct Delivery(long Position, long Address, byte Qos, bool Retain)
{
    /// <summary>Set when it answers a subscription: the retained message itself.</summary>
    public RetainedMessage? Retained { get; init; }

    /// <summary>Set when it came through a shared subscription: others may take it over.</summary>
    public SharedGroup? Group { get; init; }

    /// <summary>The receiver's numbers of the subscriptions that matched; null when none has one. Never changed.</summary>
    public uint[]? SubscriptionIds { get; init; }
}

/// <summary>What a session's writer is to send.</summary>
/// <param name="Kind">A message, or the second half of its QoS 2 exchange.</param>
/// <param name="Delivery">The message.</param>
/// <param name="PacketId">Zero at QoS 0.</param>
/// <param name="Dup">Sent before, over an earlier connection.</param>
internal readonly record struct Sending(SendingKind Kind, Delivery Delivery, ushort PacketId, bool Dup);

internal enum SendingKind
{
    Publish,
    Pubrel,
}
