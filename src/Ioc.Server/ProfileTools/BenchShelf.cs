using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Preview;

namespace Ioc.Server.ProfileTools;

/// <summary>The decode bench over the edition in force. Thread-safe.</summary>
internal sealed class BenchShelf(ProfileEditions editions, MetricCatalogue metrics, ChannelTable channels)
{
    private volatile Shelved? _shelved;

    /// <summary>The bench; another one after the profiles changed.</summary>
    public DecodeBench Current
    {
        get
        {
            ProfileEdition edition = editions.Current;
            if (_shelved is { } shelved && shelved.Edition == edition.Id)
                return shelved.Bench;

            DecodeBench bench = Of(edition);
            _shelved = new Shelved(edition.Id, bench);
            return bench;
        }
    }

    /// <summary>A bench over any edition.</summary>
    public DecodeBench Of(ProfileEdition edition) =>
        new(edition.Set, metrics, channels, new Lazy<IReadOnlyDictionary<string, ProfileOutline>>(() => ProfileOutline.ReadAll(edition.Folder)));

    private sealed record Shelved(string Edition, DecodeBench Bench);
}
