using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Profiles.Preview;
using Xunit;

namespace Ioc.Tests.Profiles;

public class UnreadMembersTests
{
    private static readonly ProfileSet Shipped = ProfileSet.Load(DecoderUnderTest.Folder, DecoderUnderTest.Catalogue(), new ChannelTable());

    [Fact]
    public void What_no_profile_of_the_topic_reads_is_named_by_its_path_once()
    {
        IReadOnlyList<string> unread = Find("tele/m1/SENSOR", """{"Time":"2026-11-22T09:30:00","ENERGY":{"Power":431,"Vendor":{"New":1,"Other":2},"Harmonic":[1,2]},"Wifi2":{"a":1}}""");

        // Another profile of the topic reads every object of the message as a sensor.
        Assert.Equal(["ENERGY.Vendor", "ENERGY.Harmonic", "*.a"], unread);
    }

    [Fact]
    public void What_is_read_by_iteration_is_known_and_what_is_new_inside_an_element_is_not()
    {
        IReadOnlyList<string> unread = Find("dcu/D1/v1/gateway/telemetry", """{"EM-1":[{"ts":1795316340000,"values":{"voltage":231.5},"fresh":1}],"EM-2":[{"ts":1795316340000,"values":{"voltage":229.0},"fresh":2}]}""");

        Assert.Equal(["*[].fresh"], unread);
    }

    [Theory]
    [InlineData("nobody/listens", """{"a":1}""")]
    [InlineData("tele/m1/SENSOR", "{")]
    [InlineData("tele/m1/SENSOR", "")]
    [InlineData("tele/m1/SENSOR", "\u0001")]
    [InlineData("v3/water@gialai/devices/canal/up", """{"uplink_message":{"f_port":2,"extra":1}}""")]
    public void A_topic_nobody_reads_a_payload_that_is_no_json_and_an_envelope_have_none(string topic, string payload) =>
        Assert.Empty(Find(topic, payload));

    [Fact]
    public void A_message_of_thousands_of_new_members_gives_a_bounded_answer()
    {
        string many = $"{{{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"\"m{i}\":1"))}}}";

        Assert.Equal(64, Find("tele/m1/SENSOR", many).Count);
    }

    private static IReadOnlyList<string> Find(string topic, string payload) =>
        UnreadMembers.Find(Shipped, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload));
}
