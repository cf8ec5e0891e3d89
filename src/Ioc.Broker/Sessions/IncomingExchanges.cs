namespace Ioc.Broker.Sessions;

/// <summary>QoS 2 messages a client has sent and not released yet: a second copy of one is not taken. Outlives the connection.</summary>
/// <remarks>Touched inside the journal's batch, or by the only connection of the session. At most 65,535, less where the client was told a Receive Maximum.</remarks>
internal sealed class IncomingExchanges
{
    private Dictionary<ushort, long>? _positions;

    /// <summary>Exchanges between PUBLISH and PUBREL.</summary>
    public int Count => _positions?.Count ?? 0;

    /// <summary>Packet ids with the position of their message.</summary>
    public IEnumerable<KeyValuePair<ushort, long>> All => _positions ?? [];

    /// <summary>Where the message under this id was put, if it is held.</summary>
    public bool TryGet(ushort packetId, out long position)
    {
        position = -1;
        return _positions is not null && _positions.TryGetValue(packetId, out position);
    }

    public void Add(ushort packetId, long position) => (_positions ??= [])[packetId] = position;

    /// <summary>False when nothing is held under this id.</summary>
    public bool Release(ushort packetId) => _positions is not null && _positions.Remove(packetId);
}
