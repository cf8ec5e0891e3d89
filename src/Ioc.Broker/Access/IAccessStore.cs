namespace Ioc.Broker.Access;

/// <summary>Where credentials and bans are kept. The broker asks, the server implements it over its database.</summary>
public interface IAccessStore
{
    /// <summary>Everything, if it has changed; null when <paramref name="knownRevision"/> is still the newest.</summary>
    /// <param name="knownRevision">What was read last; -1 at first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<AccessSnapshot?> ReadAsync(long knownRevision, CancellationToken cancellationToken);
}

/// <summary>Credentials and bans as they stood at one revision.</summary>
/// <param name="Revision">Grows with every change.</param>
/// <param name="Credentials">All, revoked ones included.</param>
/// <param name="Bans">All, those that have run out included.</param>
public sealed record AccessSnapshot(long Revision, IReadOnlyList<Credential> Credentials, IReadOnlyList<Ban> Bans);
