using System.Runtime.CompilerServices;
using Ioc.Server.ProfileTools;
using Ioc.Tests.Server.ProfileTools;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class SampleTests
{
    /// <summary>Kinds, and single samples of kinds, whose constructs are still being built.</summary>
    private static readonly HashSet<string> NotYet =
    [
        "amsreader-passthrough",
    ];

    public static TheoryData<string, string> Golden => SamplesOf(DecoderUnderTest.Folder, "*.samples.json");

    public static TheoryData<string, string> Collected
    {
        get
        {
            string? folder = CollectionFolder();
            TheoryData<string, string> rows = folder is null ? [] : SamplesOf(folder, "*.json");
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
            .SelectMany(SampleFile.Read).Select(sample => sample.Kind).ToHashSet();
        IEnumerable<string> profiles = Ioc.Profiles.ProfileSet.Load(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue(), new()).Profiles.Select(profile => profile.Name);

        Assert.DoesNotContain(profiles, profile => !sampled.Contains(profile));
    }

    private static void Run(string path, string id) =>
        Assert.Empty(ResultOf(path, id).Differences);

    private static SampleResult ResultOf(string path, string id)
    {
        Sample sample = SampleFile.Read(path).Single(candidate => candidate.Id == id);
        SampleResult result = SampleRun.Run(Workbench.Shipped, sample);
        Assert.SkipWhen((NotYet.Contains(sample.Kind) || NotYet.Contains(sample.Id)) && result.Verdict != "passed", $"{sample.Kind} needs a construct that is still being built");
        return result;
    }

    private static TheoryData<string, string> SamplesOf(string folder, string pattern)
    {
        var rows = new TheoryData<string, string>();
        foreach (string path in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            foreach (Sample sample in SampleFile.Read(path))
                rows.Add(Path.GetRelativePath(folder, path), sample.Id);
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
