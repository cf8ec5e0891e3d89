namespace Ioc.Broker.Upstream;

/// <summary>What outlives a connection: the exchanges of QoS 2 that the other broker has not released yet. Touched only by the read loop of the time.</summary>
/// <remarks>
/// Lives as long as the process. After a restart of ours a message whose PUBREC was lost with it comes, and is kept, a second time:
/// exactly once while we live, at least once over our end.
/// </remarks>
internal sealed class UpstreamSession
{
    /// <summary>Packet ids whose message is in the journal and whose PUBREL has not come.</summary>
    public PacketIdSet Received { get; } = new();

    /// <summary>Position of the last message taken; one that comes again is at or before it.</summary>
    public long LastPosition { get; set; } = PendingReply.Immediate;

    /// <summary>The other broker has forgotten the session: ids begin anew.</summary>
    public void Forget() => Received.Clear();
}
