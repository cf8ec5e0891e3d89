using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Ioc.Tests.Profiles.Manual;

/// <summary>The manual knows what the readers know: they can read no key and no word that it does not tell of.</summary>
public sealed partial class ManualKeyTests
{
    private const string Manual = "profile-language.md";

    [Fact]
    public void Every_key_that_a_reader_asks_for_stands_in_the_table_of_keys_and_no_other()
    {
        string[] asked = [.. Sources().SelectMany(source => Asked().Matches(source)).Select(match => match.Groups["key"].Value).Distinct().Order(StringComparer.Ordinal)];
        string table = MarkdownFence.Read(Manual).Split("\n## All keys\n")[1];
        string[] told = [.. Rows(table).SelectMany(row => Ticked().Matches(row)).Select(match => match.Groups["word"].Value).Distinct().Order(StringComparer.Ordinal)];

        Assert.True(asked.Length > 60, "the readers are written in another way than this test looks for");
        Assert.Equal(asked, told);
    }

    [Fact]
    public void Every_word_that_a_reader_knows_stands_in_the_manual()
    {
        string manual = MarkdownFence.Read(Manual);
        string[] words = [.. Sources().SelectMany(source => Known().Matches(source)).Select(match => match.Groups["word"].Value).Distinct()];

        Assert.True(words.Length > 30, "the readers are written in another way than this test looks for");
        Assert.DoesNotContain(words, word => !Regex.IsMatch(manual, $@"(?<![\w-]){Regex.Escape(word)}(?![\w-])"));
    }

    /// <summary>Readers of profiles: all that takes a YAML mapping apart.</summary>
    private static IEnumerable<string> Sources([CallerFilePath] string here = "")
    {
        string profiles = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../src/Ioc.Profiles"));
        return Directory.EnumerateFiles(profiles, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "YamlMap.cs")
            .Select(File.ReadAllText)
            .Where(source => source.Contains("YamlMap", StringComparison.Ordinal) || source.Contains(".Finish(", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Rows(string table) => table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[2]);

    [GeneratedRegex("""\b(?:Text|RequiredText|Number|Integer|Flag|Word|Choice|Map|Texts|Has|Items|Pairs|Read|Time|Conditions|Entries|Family)(?:<\w+>)?\((?:\w+, )?(?:\w+ \? )?"(?<key>[A-Za-z-]+)"(?: : "(?<key>[A-Za-z-]+)")?""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\["(?<word>[a-z0-9-]+)"\] = """)]
    private static partial Regex Known();

    [GeneratedRegex("`(?<word>[^`]+)`")]
    private static partial Regex Ticked();
}
