using System.Security.Cryptography;
using System.Text;
using Ioc.Profiles;
using Ioc.Profiles.Preview;
using Ioc.Server.Hosting;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Which versions of the profiles decode, and since which offset. Thread-safe.</summary>
/// <remarks>Read from the files when a set is first met: at start, and after each reload.</remarks>
internal sealed class ProfileVersions(ServerPaths paths, Func<ProfileSet> profiles, DecodeLedger ledger, IClock clock)
{
    private readonly Lock _gate = new();
    private ProfileSet? _set;
    private Versions _versions = new("", new Dictionary<string, string>());

    /// <summary>Names everything that decoding depends on: profiles, envelopes and the metric catalogue.</summary>
    public string Whole => Current.Whole;

    private Versions Current
    {
        get
        {
            ProfileSet set = profiles();
            lock (_gate)
            {
                if (ReferenceEquals(set, _set))
                    return _versions;

                _versions = Read(paths);
                _set = set;
                return _versions;
            }
        }
    }

    /// <summary>The version of a loaded profile; null when there is none of that name.</summary>
    public string? Of(string profile) => Current.ByName.GetValueOrDefault(profile);

    /// <summary>Writes down that what is stored from an offset on is decoded with the versions of now.</summary>
    public Task NoteAsync(long sinceOffset, CancellationToken stopping) =>
        ledger.NoteVersionsAsync(Current.ByName, sinceOffset, clock.GetCurrentInstant(), stopping);

    private static Versions Read(ServerPaths paths)
    {
        Dictionary<string, string> byName = ProfileOutline.ReadAll(paths.Profiles).ToDictionary(entry => entry.Key, entry => entry.Value.Version, StringComparer.Ordinal);
        var text = new StringBuilder(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(paths.MetricCatalogue))));
        foreach ((string name, string version) in byName.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            text.Append('\n').Append(name).Append('=').Append(version);

        return new Versions(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12], byName);
    }

    private sealed record Versions(string Whole, IReadOnlyDictionary<string, string> ByName);
}
