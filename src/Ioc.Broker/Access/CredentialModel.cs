namespace Ioc.Broker.Access;

/// <summary>All credentials in the form in which they are looked up. Immutable, swapped whole.</summary>
internal sealed class CredentialModel
{
    private readonly Dictionary<string, Entry> _byUser = new(StringComparer.Ordinal);

    /// <summary>Compiles credentials; of two with the same name the later one holds.</summary>
    public CredentialModel(IEnumerable<Credential> credentials)
    {
        foreach (Credential credential in credentials)
            _byUser[credential.UserName] = new Entry(credential, credential.Password is { } text && PasswordHash.TryParse(text, out PasswordHash hash) ? hash : null);
    }

    public static CredentialModel Empty { get; } = new([]);

    /// <summary>Nobody is listed, not even somebody revoked.</summary>
    public bool IsEmpty => _byUser.Count == 0;

    public bool TryFind(string user, out Entry entry) => _byUser.TryGetValue(user, out entry);

    /// <summary>A credential and its password's hash; null when no password opens it.</summary>
    internal readonly record struct Entry(Credential Credential, PasswordHash? Hash);
}
