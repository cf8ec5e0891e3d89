using System.Text;
using Ioc.Broker.Access;
using Ioc.Tests.Mqtt;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class FilterCoverageTests
{
    [Theory]
    [InlineData("#", "a/+/b", true)]
    [InlineData("#", "#", true)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("+/a", "$SYS/a", false)]
    [InlineData("$SYS/+", "$SYS/a", true)]
    [InlineData("+/#", "#", true)]
    [InlineData("a/+/#", "a/#", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/#", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a", "a/#", false)]
    [InlineData("a/", "a", false)]
    [InlineData("cmd/m1/#", "cmd/m10/x", false)]
    public void A_filter_is_covered_when_everything_it_can_match_is_allowed(string pattern, string filter, bool covered) =>
        Assert.Equal(covered, FilterCoverage.Covers(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(filter)));

    // Against the definition itself: every topic of up to five levels that the filter matches must be matched by the pattern, and no other pair is covered.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Coverage_is_what_trying_every_topic_says(int seed)
    {
        var random = new Random(seed);
        string[] topics = [.. EveryTopic()];
        int covered = 0;

        for (int i = 0; i < 150; i++)
        {
            string filter = NaiveTopics.Filter(random);
            string pattern = i % 3 == 0 ? Widen(filter, random) : NaiveTopics.Filter(random);
            bool expected = Array.TrueForAll(topics, topic => !NaiveTopics.Matches(filter, topic) || NaiveTopics.Matches(pattern, topic));

            bool actual = FilterCoverage.Covers(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(filter));

            Assert.True(expected == actual, $"'{pattern}' covers '{filter}': {actual}, every topic says {expected}");
            covered += actual ? 1 : 0;
        }

        Assert.InRange(covered, 20, 130);
    }

    // The words of the filters, and one that no filter names.
    private static IEnumerable<string> EveryTopic()
    {
        string[] words = ["a", "b", "", "$x", "đ", "other"];
        IEnumerable<string> level = words;
        for (int depth = 1; depth <= 4; depth++)
        {
            foreach (string topic in level.Where(topic => topic.Length > 0))
                yield return topic;
            level = [.. level.SelectMany(topic => words.Select(word => topic + "/" + word))];
        }

        // One level deeper than any filter is long.
        foreach (string topic in level.Where(topic => topic.EndsWith("/other", StringComparison.Ordinal)))
            yield return topic;
    }

    private static string Widen(string filter, Random random)
    {
        string[] levels = filter.Split('/');
        int at = random.Next(levels.Length);
        if (levels[at] != "#")
            levels[at] = "+";
        return random.Next(2) == 0 ? string.Join('/', levels) : string.Join('/', [.. levels[..at], "#"]);
    }
}
