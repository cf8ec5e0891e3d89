using System.Collections.Concurrent;
using Ioc.Broker.Connections;

namespace Ioc.Broker.Sessions;

/// <summary>Which connection speaks for which client id. Thread-safe.</summary>
internal sealed class SessionRegistry
{
    private readonly ConcurrentDictionary<string, Connection> _byClientId = new(StringComparer.Ordinal);

    /// <summary>Clients connected now.</summary>
    public int Count => _byClientId.Count;

    /// <summary>Enters a connection and returns the one it displaces, if any.</summary>
    public Connection? Enter(string clientId, Connection connection)
    {
        while (true)
        {
            if (_byClientId.TryAdd(clientId, connection))
                return null;
            if (_byClientId.TryGetValue(clientId, out Connection? previous) && _byClientId.TryUpdate(clientId, connection, previous))
                return previous;
        }
    }

    /// <summary>Removes a connection unless another has taken its place.</summary>
    public void Leave(string clientId, Connection connection) =>
        _byClientId.TryRemove(KeyValuePair.Create(clientId, connection));
}
