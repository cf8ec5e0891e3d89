using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Access;

/// <summary>What one connection may publish and subscribe, its own names filled in. Immutable; allocates nothing when asked.</summary>
internal sealed class ClientRights
{
    private readonly byte[][] _publish;
    private readonly byte[][] _subscribe;

    private ClientRights(byte[][] publish, byte[][] subscribe, bool unrestricted)
    {
        _publish = publish;
        _subscribe = subscribe;
        IsUnrestricted = unrestricted;
    }

    /// <summary>Everything.</summary>
    public static ClientRights Unrestricted { get; } = new([], [], unrestricted: true);

    /// <summary>Nothing is looked up: everything is allowed.</summary>
    public bool IsUnrestricted { get; }

    /// <summary>Whether there is anything it may do.</summary>
    public bool IsEmpty => !IsUnrestricted && _publish.Length == 0 && _subscribe.Length == 0;

    /// <summary>Fills in one connection's names. A pattern that a name does not fit into is left out: it allows nothing.</summary>
    public static ClientRights For(CredentialRights rights, string? user, string? client, string? device)
    {
        if (rights.Full)
            return Unrestricted;

        return new ClientRights(Resolve(rights.Publish), Resolve(rights.Subscribe), unrestricted: false);

        byte[][] Resolve(IReadOnlyList<string> patterns) =>
            [.. patterns.Select(pattern => RightsPattern.Resolve(pattern, user, client, device)).OfType<byte[]>()];
    }

    /// <summary>Whether a message may be published to this topic name.</summary>
    public bool MayPublish(ReadOnlySpan<byte> topic) => IsUnrestricted || Matches(_publish, topic);

    /// <summary>Whether one pattern allows everything that this valid filter can match. A share of a filter is judged as the filter.</summary>
    public bool MaySubscribe(ReadOnlySpan<byte> filter)
    {
        if (IsUnrestricted)
            return true;

        if (TopicFilter.IsShared(filter))
        {
            TopicFilter.TakeLevel(ref filter, out _);
            TopicFilter.TakeLevel(ref filter, out _);
            if (filter.IsEmpty)
                return false;
        }

        foreach (byte[] pattern in _subscribe)
        {
            if (FilterCoverage.Covers(pattern, filter))
                return true;
        }

        return false;
    }

    /// <summary>Whether a message of this topic may reach it: for what was subscribed or queued before its rights changed.</summary>
    public bool MayReceive(ReadOnlySpan<byte> topic) => IsUnrestricted || Matches(_subscribe, topic);

    private static bool Matches(byte[][] patterns, ReadOnlySpan<byte> topic)
    {
        foreach (byte[] pattern in patterns)
        {
            if (TopicFilter.Matches(pattern, topic))
                return true;
        }

        return false;
    }
}
