using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Ioc.Tests.Mqtt;

/// <summary>docs/mqtt-conformance.md says what is true: a statement marked met has a test in the class named, carrying its tag.</summary>
public sealed partial class ConformanceListTests
{
    private static readonly Statement[] Statements = [.. Read()];

    [Fact]
    public void A_statement_marked_met_has_a_test_that_carries_its_tag()
    {
        ILookup<string, string> sources = Sources();
        string[] missing = [.. Statements.Where(statement => statement.Status == "met")
            .SelectMany(statement => statement.Tests.DefaultIfEmpty("").Where(test => !sources[test].Any(statement.IsCarriedBy)).Select(test => $"{statement.Line}: {test}"))];

        Assert.Empty(missing);
    }

    // What one packet can tell is done; what is pending needs a connection or a session.
    [Fact]
    public void Nothing_of_the_codec_is_pending() =>
        Assert.DoesNotContain(Statements, statement => statement.Where == "codec" && statement.Status == "pending");

    [Fact]
    public void A_statement_has_a_place_a_status_and_a_reason_if_it_is_not_implemented()
    {
        Assert.All(Statements, statement => Assert.Matches("^(codec|broker|transport|client)$", statement.Where));
        Assert.All(Statements, statement => Assert.Matches("^(met|pending|client's duty|not implemented: .+)$", statement.Status));
    }

    // Numbers run on within a section, so one left out by accident shows.
    [Fact]
    public void The_list_has_each_statement_of_5_once_and_leaves_none_out()
    {
        string[] tags = [.. Statements.Select(statement => statement.Tag).Where(tag => tag.Length > 0)];

        Assert.Equal(tags.Distinct(), tags);
        Assert.All(tags.GroupBy(tag => tag[..tag.LastIndexOf('-')]), section => Assert.True(HasNoGap(section), section.Key));
    }

    // Numbers that the standard itself skips.
    private static bool HasNoGap(IGrouping<string, string> section)
    {
        string[] skipped = ["2.2.1-1"];
        int last = section.Max(tag => int.Parse(tag[(tag.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        return Enumerable.Range(1, last).All(number => section.Contains($"{section.Key}-{number}") || skipped.Contains($"{section.Key}-{number}"));
    }

    private static IEnumerable<Statement> Read() =>
        from line in File.ReadLines(Path.Combine(Root(), "docs", "mqtt-conformance.md"))
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length == 8 && Number().IsMatch(cells[1] + cells[2])
        select new Statement(line, cells[1].Trim('–'), cells[2].Trim('–'), cells[4], cells[5], [.. cells[6].Split(',', StringSplitOptions.TrimEntries)]);

    private static ILookup<string, string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => File.ReadLines(path).Where(line => line.Contains("[MQTT-", StringComparison.Ordinal)).Select(line => (Test: Path.GetFileNameWithoutExtension(path), Line: line)))
            .ToLookup(source => source.Test, source => source.Line);

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    [GeneratedRegex(@"\d-\d")]
    private static partial Regex Number();

    /// <param name="Tag">In 5.0; empty when only 3.1.1 has the statement.</param>
    /// <param name="OldTag">In 3.1.1; empty when only 5.0 has it.</param>
    private sealed record Statement(string Line, string Tag, string OldTag, string Where, string Status, string[] Tests)
    {
        public bool IsCarriedBy(string source) => Tag.Length > 0
            ? Regex.IsMatch(source, $@"\[MQTT-{Regex.Escape(Tag)}\](?! \(3\.1\.1\))") && !source.Contains("3.1.1 [MQTT", StringComparison.Ordinal)
            : Regex.IsMatch(source, $@"\[MQTT-{Regex.Escape(OldTag)}\] \(3\.1\.1\)") || (source.Contains("3.1.1 [MQTT", StringComparison.Ordinal) && source.Contains($"[MQTT-{OldTag}]", StringComparison.Ordinal));
    }
}
