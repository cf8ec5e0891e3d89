using System.Text;
using Ioc.Mqtt.Topics;
using Xunit;

namespace Ioc.Tests.Mqtt;

public class TopicTests
{
    // Examples of 4.7 of both standards.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("a/b", "a/b/", false)]
    [InlineData("A/b", "a/b", false)]
    public void A_filter_matches_as_the_standard_says(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));

    // [MQTT-4.7.2-1]
    [Theory]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("$SYS/+", "$SYS/x", true)]
    [InlineData("a/#", "a/$x", true)]
    public void A_wildcard_at_the_front_does_not_reach_the_servers_own_topics(string filter, string topic, bool matches) =>
        Assert.Equal(matches, TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)));

    // [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1]
    [Theory]
    [InlineData("#", true)]
    [InlineData("+", true)]
    [InlineData("+/tennis/#", true)]
    [InlineData("/", true)]
    [InlineData("a//b", true)]
    [InlineData("", false)]
    [InlineData("sport+", false)]
    [InlineData("sport/tennis#", false)]
    [InlineData("sport/tennis/#/ranking", false)]
    [InlineData("a/++/b", false)]
    [InlineData("a/##", false)]
    public void A_wildcard_stands_alone_in_its_level(string filter, bool valid) =>
        Assert.Equal(valid, TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter)));

    // [MQTT-4.8.2-1], [MQTT-4.8.2-2]
    [Theory]
    [InlineData("$share/g/a", "g", "a")]
    [InlineData("$share/g/a/+/#", "g", "a/+/#")]
    [InlineData("$share/nhóm/#", "nhóm", "#")]
    [InlineData("$share/g//a", "g", "/a")]
    [InlineData("$share//a", null, null)]
    [InlineData("$share/g", null, null)]
    [InlineData("$share/g/", null, null)]
    [InlineData("$share/", null, null)]
    [InlineData("$share/+/a", null, null)]
    [InlineData("$share/a+/x", null, null)]
    [InlineData("$share/#/a", null, null)]
    [InlineData("$share/g/a#", null, null)]
    [InlineData("$share", null, null)]
    [InlineData("$SHARE/g/a", null, null)]
    [InlineData("a", null, null)]
    public void A_shared_filter_names_a_group_and_a_filter(string filter, string? group, string? inner)
    {
        bool split = TopicFilter.TrySplitShared(Encoding.UTF8.GetBytes(filter), out ReadOnlySpan<byte> groupPart, out ReadOnlySpan<byte> innerPart);

        Assert.Equal(group is not null, split);
        if (split)
            Assert.Equal((group, inner), (Encoding.UTF8.GetString(groupPart), Encoding.UTF8.GetString(innerPart)));
    }

    // [MQTT-4.7.3-4]: bytes are compared as they are.
    [Fact]
    public void Topics_are_not_normalised()
    {
        byte[] composed = Encoding.UTF8.GetBytes("\u00E9");
        byte[] decomposed = Encoding.UTF8.GetBytes("e\u0301");

        Assert.True(TopicFilter.Matches(composed, composed));
        Assert.False(TopicFilter.Matches(composed, decomposed));
    }

    // [MQTT-4.7.3-3]
    [Fact]
    public void A_topic_has_at_most_65535_bytes()
    {
        Assert.True(TopicName.IsValidUtf8(Enumerable.Repeat((byte)'a', 65_535).ToArray()));
        Assert.False(TopicName.IsValidUtf8(Enumerable.Repeat((byte)'a', 65_536).ToArray()));
    }

    [Fact]
    public void Random_filters_and_topics_match_as_a_naive_matcher_says()
    {
        var random = new Random(4711);
        int matched = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string filter = NaiveTopics.Filter(random);
            string topic = NaiveTopics.Topic(random);
            bool expected = NaiveTopics.Matches(filter, topic);
            matched += expected ? 1 : 0;
            Assert.True(expected == TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic)), $"{filter} {topic}");
        }

        Assert.InRange(matched, 1_000, 49_000);
    }
}
