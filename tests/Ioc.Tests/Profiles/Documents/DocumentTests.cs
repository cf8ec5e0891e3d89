using System.Text;
using Ioc.Devices.Readings;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class DocumentTests
{
    private const string Inner = """
        schema: 1
        name: inner
        family: air
        envelope: lab
        body: {codec: json}
        fields:
          - {metric: air_temperature, path: t, unit: Cel}
          - each: rooms
            channel: "{$key}_{.name}"
            fields:
              - {metric: co2, path: ppm, unit: "[ppm]"}
        """;

    [Fact]
    public void A_json_body_inside_base64_is_a_document_beside_that_of_its_envelope()
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("base64", Inner);
        string body = Convert.ToBase64String("""{"t":21.5,"rooms":{"a":{"name":"hall","ppm":600},"b":{"name":"café","ppm":700}}}"""u8);
        decoder.Decode("lab/x", $$"""{"at":"2026-11-22T02:59:00Z","rssi":-81,"data":"{{body}}"}""");
        Assert.Equal((21.5, -81), (decoder.Reading("air_temperature").Value, decoder.Reading("rssi").Value));
        Assert.Equal((600, 700), (decoder.Reading("co2", "a_hall").Value, decoder.Reading("co2", "b_café").Value));
        Assert.All(decoder.All(), reading => Assert.Equal(59, reading.MeasuredAt.InUtc().Minute));
    }

    [Fact]
    public void A_json_body_inside_a_string_is_unescaped_first()
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("text", Inner);
        decoder.Decode("lab/x", """{"data":"{\"t\":\"21.5\",\"rooms\":{\"\\u00e9\\\"\":{\"name\":\"\\u0041\",\"ppm\":600}}}","rssi":-81}""");
        Assert.Equal((21.5, 600, -81), (decoder.Reading("air_temperature").Value, decoder.Reading("co2", "é\"_A").Value, decoder.Reading("rssi").Value));
    }

    [Theory]
    [InlineData("e30")]
    [InlineData("eyJ0Ijog")]
    [InlineData("AAECAw==")]
    public void What_an_envelope_wraps_and_is_no_json_is_malformed(string data)
    {
        BatchMessage row = WrappedProfiles.Load("base64", Inner).Decode("lab/x", $$"""{"at":"2026-11-22T02:59:00Z","rssi":-81,"data":"{{data}}"}""");
        Assert.Equal(QuarantineReason.Malformed, row.Reason);
    }

    [Fact]
    public void Profiles_of_one_envelope_with_different_codecs_are_told_apart_by_what_can_be_read()
    {
        string light = Inner.Replace("name: inner", "name: light", StringComparison.Ordinal).Replace("codec: json", "codec: ultralight", StringComparison.Ordinal)
            .Replace("path: t,", "path: \"[0].t\",", StringComparison.Ordinal);
        DecoderUnderTest decoder = WrappedProfiles.Load("text", Inner.Replace("envelope: lab", "envelope: lab\nmatch: {content: [{exists: t}]}", StringComparison.Ordinal), light.Replace("envelope: lab", "envelope: lab\nmatch: {content: [{exists: \"[0].t\"}]}", StringComparison.Ordinal));
        decoder.Decode("lab/x", """{"data":"{\"t\":4}"}""");
        Assert.Equal(4, decoder.Reading("air_temperature").Value);
        decoder.Decode("lab/x", """{"data":"t|5"}""");
        Assert.Equal(5, decoder.Reading("air_temperature").Value);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", """{"data":"neither"}""").Reason);
        Assert.Equal(MessageOutcome.Ignored, decoder.Decode("lab/x", """{"data":null}""").Outcome);
    }

    [Fact]
    public void An_escaped_string_is_a_value_like_any_other()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("""
            schema: 1
            name: own
            family: air
            match: {topics: ["lab/{device}"], content: [{path: kind, equals: "é\"x"}]}
            time: {path: at}
            fields:
              - {metric: air_temperature, path: t, unit: Cel}
              - {metric: motion, path: m, map: {"a\\b": true}}
              - each: rows
                except: ["ü"]
                channel: "{n}"
                keys: "r{n}"
                fields:
                  - {metric: co2, path: ".", unit: "[ppm]"}
            """);
        decoder.Decode("lab/a", """{"kind":"\u00e9\"x","at":"2026-11-22T02:59:00\u005a","t":"2\u0031.5","m":"a\\b","rows":{"r\u0031":"6\u00300","\u00fc":1,"r2":"7\u00300"}}""");
        Assert.Equal((21.5, 1), (decoder.Reading("air_temperature").Value, decoder.Reading("motion").Value));
        Assert.Equal((600, 700), (decoder.Reading("co2", "1").Value, decoder.Reading("co2", "2").Value));
        Assert.Equal(59, decoder.Reading("co2", "2").MeasuredAt.InUtc().Minute);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_value_and_no_harm()
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("text", Inner);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", """{"data":"\ud800","rssi":-81}""").Reason);
    }

    [Fact]
    public void Decoding_documents_allocates_nothing_once_the_scratch_has_grown()
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("base64", Inner);
        byte[] payload = Encoding.UTF8.GetBytes($$"""{"at":"2026-11-22T02:59:00Z","rssi":"-8\u0031","data":"{{Convert.ToBase64String("""{"t":21.5,"rooms":{"a":{"name":"h\u0061ll","ppm":600}}}"""u8)}}"}""");
        for (int i = 0; i < 50; i++)
            Assert.Equal(3, decoder.Decode("lab/x", payload).ReadingCount);

        byte[] name = [];
        long harness = Allocations.Fewest(_ => name = Encoding.UTF8.GetBytes("lab/x"));
        Assert.Equal(harness, Allocations.Fewest(_ => decoder.Decode("lab/x", payload)));
        GC.KeepAlive(name);
    }
}
