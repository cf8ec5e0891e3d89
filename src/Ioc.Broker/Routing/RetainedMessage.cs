namespace Ioc.Broker.Routing;

/// <summary>The last message of a topic that asked to be kept. Immutable.</summary>
/// <param name="Header">As <see cref="PublishHeader"/> lays it out.</param>
/// <param name="Payload">Never empty.</param>
/// <param name="Qos">As published, 0 to 2.</param>
/// <param name="Position">In the journal.</param>
/// <param name="ReceivedAtMs">Unix milliseconds.</param>
/// <param name="ExpiresAtMs">When it is no longer worth delivering, Unix milliseconds; <see cref="long.MaxValue"/> for never.</param>
internal sealed record RetainedMessage(byte[] Header, byte[] Payload, int Qos, long Position, long ReceivedAtMs, long ExpiresAtMs)
{
    // What an entry costs beside its bytes: tree node, key, this and its arrays.
    private const int EntryBytes = 320;

    public long Bytes => EntryBytes + Header.Length + Payload.Length;
}
