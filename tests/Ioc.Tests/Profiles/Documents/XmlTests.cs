using System.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles.Documents;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class XmlTests
{
    [Theory]
    [InlineData("<a/>", """{"#name":"a"}""")]
    [InlineData("<a>5</a>", """{"#name":"a","#text":"5"}""")]
    [InlineData("<a><b>1</b><c> x </c></a>", """{"#name":"a","b":"1","c":" x "}""")]
    [InlineData("<a xmlns='urn:x'><b>1</b></a>", """{"#name":"a","b":"1"}""")]
    [InlineData("<p:a xmlns:p='urn:x'><p:b p:q='2'>1</p:b></p:a>", """{"#name":"a","b":{"#text":"1","@q":"2"}}""")]
    [InlineData("<a v='2'><b><c>1</c></b></a>", """{"#name":"a","@v":"2","b":{"c":"1"}}""")]
    [InlineData("<a><r>1</r><s>x</s><r>2</r></a>", """{"#name":"a","r":["1","2"],"s":"x"}""")]
    [InlineData("<a><row><v>1</v></row></a>", """{"#name":"a","row":[{"v":"1"}]}""")]
    [InlineData("<a><b><![CDATA[<1>]]>&amp;&#233;</b><!-- no --></a>", """{"#name":"a","b":"<1>&é"}""")]
    public void Elements_attributes_and_texts_become_members(string xml, string json) =>
        Assert.Equal(json, Transcoding.Write(new XmlFormat("row"), xml));

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a>&nothing;</a>")]
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>")]
    [InlineData("<?xml version='1.0' encoding='no-such'?><a/>")]
    [InlineData("<?xml version='1.0' encoding='utf-16'?><a/>")]
    public void What_is_no_whole_document_or_wants_a_document_type_is_refused(string xml) =>
        Assert.Null(Transcoding.Write(new XmlFormat(""), xml));

    [Fact]
    public void Too_deep_and_too_many_are_refused_in_good_time()
    {
        Assert.Null(Transcoding.Write(new XmlFormat(""), string.Concat(Enumerable.Repeat("<a>", 50_000))));
        Assert.Null(Transcoding.Write(new XmlFormat(""), "<a>" + string.Concat(Enumerable.Repeat("<b/>", 30_000)) + "</a>"));
        Assert.NotNull(Transcoding.Write(new XmlFormat(""), "<a>" + string.Concat(Enumerable.Range(0, 15_000).Select(i => $"<b{i}/>x")) + "</a>"));
    }

    [Fact]
    public void A_row_for_each_of_the_repeated_elements_and_the_reason_names_profile_and_codec()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("""
            schema: 1
            name: rows
            family: onestop
            match: {topics: ["lab/{device}"], content: [{path: "#name", equals: report}]}
            body: {codec: xml, lists: [room]}
            time: {path: "@at"}
            fields:
              - each: room
                channel: "{.@id}"
                fields:
                  - {metric: people_now, path: count, unit: "1"}
            """);
        decoder.Decode("lab/a", """<report at="2026-11-22T09:59:00+07:00"><room id="r1"><count>4</count></room><room id="r2"><count>0</count></room></report>""");
        Assert.Equal((4, 0), (decoder.Reading("people_now", "r1").Value, decoder.Reading("people_now", "r2").Value));
        decoder.Decode("lab/a", """<report at="2026-11-22T09:59:00+07:00"><room id="r1"><count>7</count></room></report>""");
        Assert.Equal(7, decoder.Reading("people_now", "r1").Value);
        BatchMessage row = decoder.Decode("lab/a", "<report>");
        Assert.Equal((QuarantineReason.Malformed, "profile rows: the body is not xml"), (row.Reason, row.Detail));
        Assert.Equal(QuarantineReason.LimitExceeded, decoder.Decode("lab/a", "<report>" + string.Concat(Enumerable.Repeat("<b/>", 30_000)) + "</report>").Reason);
    }

    [Fact]
    public void Whatever_is_cut_off_or_changed_does_no_harm()
    {
        byte[] whole = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?><a xmlns=\"urn:x\" b='1'><c>é&lt;</c><c/><d><![CDATA[x]]></d></a>");
        var random = new Random(1998);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] changed = [.. whole];
            for (int n = random.Next(1, 4); n > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Transcoding.Write(new XmlFormat(""), changed.AsSpan(0, random.Next(changed.Length + 1)));
        }
    }
}
