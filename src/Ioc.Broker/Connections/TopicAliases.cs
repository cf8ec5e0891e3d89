namespace Ioc.Broker.Connections;

/// <summary>Numbers a 5.0 client put in the place of topics, for as long as its connection lasts. Touched only by the read loop.</summary>
/// <param name="maximum">Largest number allowed; the client was told.</param>
internal sealed class TopicAliases(int maximum)
{
    private byte[]?[]? _topics;

    /// <summary>Whether a number may be used at all. [MQTT-3.3.2-8], [MQTT-3.3.2-9]</summary>
    public bool IsAllowed(uint alias) => alias > 0 && alias <= maximum;

    public void Set(uint alias, ReadOnlySpan<byte> topic)
    {
        byte[]?[] topics = _topics ??= new byte[]?[maximum + 1];
        // Said again with every message by some clients: nothing to copy then.
        if (topics[alias] is not { } known || !topic.SequenceEqual(known))
            topics[alias] = topic.ToArray();
    }

    /// <summary>The topic a number stands for; null when it was never set.</summary>
    public byte[]? Get(uint alias) => _topics?[alias];
}
