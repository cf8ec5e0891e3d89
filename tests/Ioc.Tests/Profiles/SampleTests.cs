using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class SampleTests
{
    /// <summary>Sample kinds whose profile bears another name here.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["airgradient-3.1.3"] = "airgradient",
        ["dragino-ldds75@v1.1.3"] = "dragino-ldds75",
        ["milesight-wts506@rain-v1"] = "milesight-wts506",
        ["milesight-am319@tvoc-iaq"] = "milesight-am319",
        ["dragino-lht65@chirpstack-v3"] = "dragino-lht65",
    };

    /// <summary>Samples of supported kinds that need a construct we lack: a position is no number, and a reading is one.</summary>
    private static readonly HashSet<string> NotYet = ["ENVL-S-16"];

    public static TheoryData<string, string> Golden => SamplesOf(DecoderUnderTest.Folder, "*.samples.json");

    public static TheoryData<string, string> Collected
    {
        get
        {
            var known = Ioc.Profiles.ProfileSet.Load(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue(), new()).Profiles.Select(profile => profile.Name).ToHashSet();
            string? folder = CollectionFolder();
            TheoryData<string, string> rows = folder is null ? [] : SamplesOf(folder, "*.json", kind => known.Contains(Renamed.GetValueOrDefault(kind, kind)));
            if (rows.Count == 0)
                rows.Add("", "");
            return rows;
        }
    }

    [Theory, MemberData(nameof(Golden))]
    public void A_golden_sample_gives_its_expected_readings(string file, string id) =>
        Run(Path.Combine(DecoderUnderTest.Folder, file), id);

    [Theory, MemberData(nameof(Collected))]
    public void A_collected_real_sample_gives_its_expected_readings(string file, string id)
    {
        Assert.SkipWhen(file.Length == 0, "the collection of real payloads is not beside the repository (IOC_PAYLOADS may name its folder)");
        Run(Path.Combine(CollectionFolder()!, file), id);
    }

    [Fact]
    public void Every_shipped_profile_has_a_golden_sample()
    {
        var sampled = Directory.EnumerateFiles(DecoderUnderTest.Folder, "*.samples.json", SearchOption.AllDirectories)
            .SelectMany(SampleFile.Read).Select(sample => sample.GetProperty("kind").GetString()).ToHashSet();
        IEnumerable<string> profiles = Ioc.Profiles.ProfileSet.Load(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue(), new()).Profiles.Select(profile => profile.Name);

        Assert.DoesNotContain(profiles, profile => !sampled.Contains(profile));
    }

    private static void Run(string path, string id)
    {
        JsonElement sample = SampleFile.Read(path).Single(candidate => candidate.GetProperty("id").GetString() == id);
        string kind = sample.GetProperty("kind").GetString()!;
        Assert.Empty(SampleFile.Run(sample, Renamed.GetValueOrDefault(kind, kind)));
    }

    private static TheoryData<string, string> SamplesOf(string folder, string pattern, Func<string, bool>? wanted = null)
    {
        var rows = new TheoryData<string, string>();
        foreach (string path in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (JsonElement sample in SampleFile.Read(path))
            {
                if (wanted is null || (wanted(sample.GetProperty("kind").GetString()!) && !NotYet.Contains(sample.GetProperty("id").GetString()!)))
                    rows.Add(Path.GetRelativePath(folder, path), sample.GetProperty("id").GetString()!);
            }
        }

        return rows;
    }

    private static string? CollectionFolder([CallerFilePath] string here = "")
    {
        string repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
        string folder = Environment.GetEnvironmentVariable("IOC_PAYLOADS") ?? Path.Combine(repository, "../shared/payloads");
        return Directory.Exists(folder) ? folder : null;
    }
}
