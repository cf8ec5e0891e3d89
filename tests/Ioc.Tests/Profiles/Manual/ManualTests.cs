using System.Text;
using Ioc.Devices.Metrics;
using Ioc.Devices.Registry;
using Ioc.Server.ProfileTools;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles.Manual;

/// <summary>What the manual shows is true: every profile in it compiles, and every message gives what stands beside it.</summary>
public sealed class ManualTests
{
    private const string Manual = "profile-language.md";
    private const string Recipe = "add-a-device.md";

    private static readonly Instant Arrival = Instant.FromUtc(2026, 11, 22, 3, 0);

    private static readonly IReadOnlyList<ManualExample> All = [.. ManualExample.Of(Manual), .. ManualExample.Of(Recipe)];
    private static readonly IReadOnlyList<string> Envelopes = ManualExample.EnvelopesOf(All);

    public static TheoryData<string> Examples => [.. All.Where(example => !example.IsMetric).Select(example => example.Source.Where)];

    public static TheoryData<string> Metrics => [.. All.Where(example => example.IsMetric).Select(example => example.Source.Where)];

    [Theory, MemberData(nameof(Examples))]
    public void An_example_compiles_and_its_messages_give_what_stands_beside_them(string where)
    {
        ManualExample example = All.Single(candidate => candidate.Source.Where == where);
        using var folder = new TemporaryFolder();
        foreach (string shared in (string[])["metrics.yaml", "personal.yaml"])
            File.Copy(Path.Combine(DecoderUnderTest.Folder, shared), folder.File(shared));
        example.WriteTo(folder.FullName, Envelopes);
        IReadOnlyList<string> errors = ProfileFolder.Of(folder.FullName).Check(out DecodeBench? bench);

        Assert.Equal(Lines(example.Mistakes?.Text ?? ""), errors.Select(error => error[(error.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
        foreach (SampleResult result in example.Samples.SelectMany(samples => Run(bench!, samples, folder)))
            Assert.Empty(result.Differences);

        var before = new List<CapturedMessage>();
        foreach ((MarkdownFence message, MarkdownFence result) in example.Messages)
            Compare(bench!, message, result, before);
    }

    [Theory, MemberData(nameof(Metrics))]
    public void A_metric_that_is_shown_may_be_added_to_the_catalogue(string where)
    {
        using var folder = new TemporaryFolder();
        string catalogue = File.ReadAllText(Path.Combine(DecoderUnderTest.Folder, "metrics.yaml"));
        string[] lines = Lines(All.Single(candidate => candidate.Source.Where == where).Source.Text);
        File.WriteAllText(folder.File("metrics.yaml"), catalogue + string.Concat(lines.Select(line => $"\n  {line}")));

        Assert.True(MetricCatalogueFile.Load(folder.File("metrics.yaml")).All.Count > DecoderUnderTest.Catalogue().All.Count);
    }

    [Theory, InlineData(Manual), InlineData(Recipe)]
    public void Nothing_is_said_twice(string document)
    {
        string[] sentences = [.. MarkdownFence.ProseOf(document).Split(['.', ':', '|', ';']).Select(sentence => sentence.Trim()).Where(sentence => sentence.Length > 30)];

        Assert.Empty(sentences.GroupBy(sentence => sentence).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    private static void Compare(DecodeBench bench, MarkdownFence message, MarkdownFence result, List<CapturedMessage> before)
    {
        (string[] words, string text) = ManualExample.Known(message.Text);
        string topic = words.FirstOrDefault(word => word.Contains('/', StringComparison.Ordinal)) ?? "lab/bay-7";
        if (!words.Contains("next"))
            before.Clear();

        Dictionary<string, string> told = words.Where(word => word.Contains('=', StringComparison.Ordinal)).ToDictionary(word => word.Split('=')[0], word => word.Split('=')[1]);
        told.Remove("profile", out string? profile);
        byte[] payload = words.Contains("hex") ? Convert.FromHexString(string.Concat(text.Where(char.IsAsciiHexDigit))) : Encoding.UTF8.GetBytes(text);
        var captured = new CapturedMessage(topic, payload, Arrival + Duration.FromMinutes(before.Count), words.Contains("retained"));
        DecodeView view = bench.Decode(captured, before, key => new Device
        {
            Key = key,
            Name = key,
            Family = Families.Other,
            Profile = profile,
            Parameters = told,
            TimeZone = VietnamTime.Zone,
        });
        before.Add(captured);

        string[] expected = Lines(result.Text);
        Assert.All(expected, line => Assert.True(ResultText.IsAside(line, view) ?? true, $"{result.Where}: {line} (device {view.Device}, profile {view.Profile})"));
        Assert.Equal(
            $"{result.Where}\n{string.Join('\n', expected.Where(line => ResultText.IsAside(line, view) is null))}",
            $"{result.Where}\n{string.Join('\n', ResultText.Of(view, captured.ReceivedAt))}");
    }

    private static List<SampleResult> Run(DecodeBench bench, MarkdownFence samples, TemporaryFolder folder)
    {
        File.WriteAllText(folder.File("samples.json"), samples.Text);
        return [.. SampleFile.Read(folder.File("samples.json")).Select(sample => SampleRun.Run(bench, sample))];
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
