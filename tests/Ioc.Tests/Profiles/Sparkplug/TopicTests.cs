using System.Text;
using Ioc.Profiles.Sparkplug;
using Xunit;

namespace Ioc.Tests.Profiles.Sparkplug;

public sealed class TopicTests
{
    [Theory]
    [InlineData("spBv1.0/G/NBIRTH/n", "NodeBirth")]
    [InlineData("spBv1.0/G/NDATA/n", "NodeData")]
    [InlineData("spBv1.0/G/NDEATH/n", "NodeDeath")]
    [InlineData("spBv1.0/G/DBIRTH/n/d", "DeviceBirth")]
    [InlineData("spBv1.0/G/DDATA/n/d", "DeviceData")]
    [InlineData("spBv1.0/G/DDEATH/n/d", "DeviceDeath")]
    [InlineData("spBv1.0/G/NCMD/n", "Other")]
    [InlineData("spBv1.0/G/DCMD/n/d", "Other")]
    [InlineData("spBv1.0/STATE/host", "Other")]
    [InlineData("spBv1.0/G/DDATA/n", "None")]
    [InlineData("spBv1.0/G/NDATA/n/d", "None")]
    [InlineData("spBv1.0/G/DDATA/n/d/e", "None")]
    [InlineData("spBv1.0//NDATA/n", "None")]
    [InlineData("spBv1.0/G/ndata/n", "None")]
    [InlineData("spBv1.0", "None")]
    [InlineData("other/G/NDATA/n", "None")]
    public void A_topic_says_what_the_message_is(string topic, string verb) =>
        Assert.Equal(verb, SparkplugTopic.Of(Encoding.UTF8.GetBytes(topic)).Verb.ToString());

    [Fact]
    public void Ids_longer_than_the_bound_are_not_of_the_namespace() =>
        Assert.Equal(SparkplugVerb.None, SparkplugTopic.Of(Encoding.UTF8.GetBytes($"spBv1.0/G/DDATA/n/{new string('d', SparkplugTopic.MaxIdBytes)}")).Verb);
}
