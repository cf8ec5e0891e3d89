using Ioc.Profiles.Editions;
using Ioc.Profiles.Preview;
using Ioc.Storage.Operational;

namespace Ioc.Server.Replay;

/// <summary>Which version of which profile decoded what. The editions know it while the journal has the messages; the ledger keeps it as long as there are readings.</summary>
internal sealed class ProfileVersions(ProfileEditions editions, DecodeLedger ledger) : IDisposable
{
    private readonly SemaphoreSlim _noting = new(1);
    private long _notedOffset = -1;

    /// <summary>The version of a profile that decoded an offset; null when that is not known.</summary>
    public async Task<ProfileVersion?> AtAsync(string profile, long offset, CancellationToken stopping)
    {
        await NoteAsync(stopping);
        return await ledger.VersionAtAsync(profile, offset, stopping);
    }

    /// <summary>All versions, of one profile or of all.</summary>
    public async Task<IReadOnlyList<ProfileVersion>> ReadAsync(string? profile, CancellationToken stopping)
    {
        await NoteAsync(stopping);
        return await ledger.VersionsAsync(profile, stopping);
    }

    /// <summary>Copies what the history of editions has and the ledger lacks.</summary>
    public async Task NoteAsync(CancellationToken stopping)
    {
        IReadOnlyList<EditionSince> history = editions.History;
        if (history is not [.., var newest] || newest.Offset <= Volatile.Read(ref _notedOffset))
            return;

        await _noting.WaitAsync(stopping);
        try
        {
            IReadOnlyList<ProfileVersion> noted = await ledger.VersionsAsync(null, stopping);
            long last = Math.Max(_notedOffset, noted.Count == 0 ? -1 : noted.Max(version => version.SinceOffset));
            foreach (EditionSince entry in history.Where(entry => entry.Offset > last))
            {
                // One whose files are gone cannot be told any more.
                ProfileEdition edition = editions.Of(entry.Id);
                if (edition.Id == entry.Id)
                    await ledger.NoteVersionsAsync(VersionsOf(edition), entry.Offset, entry.Since(), stopping);
            }

            Volatile.Write(ref _notedOffset, newest.Offset);
        }
        finally
        {
            _noting.Release();
        }
    }

    public void Dispose() => _noting.Dispose();

    private static Dictionary<string, string> VersionsOf(ProfileEdition edition) =>
        ProfileOutline.ReadAll(edition.Folder).ToDictionary(entry => entry.Key, entry => entry.Value.Version, StringComparer.Ordinal);
}
