using Ioc.Devices.Readings;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class EnvelopeTests
{
    private const string Forms = """
        schema: 1
        name: forms
        family: air
        envelope: lab
        match: {content: [{port: 2}]}
        body: {codec: binary}
        decoded:
          prefer: PREFER
          fields:
            - {metric: air_temperature, path: temp, unit: Cel}
        fields:
          - {metric: air_temperature, at: 0, type: i8, unit: Cel}
        """;

    private const string ByModel = """
        schema: 1
        name: NAME
        family: air
        envelope: lab
        match: {content: [{path: $envelope.model, equals: NAME}]}
        body: {codec: json}
        fields:
          - {metric: air_temperature, path: PATH, unit: Cel}
        """;

    [Theory]
    [InlineData("decoded", 21.5)]
    [InlineData("bytes", 20)]
    public void Of_two_forms_the_preferred_one_is_read(string prefer, double expected)
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("hex", Forms.Replace("PREFER", prefer, StringComparison.Ordinal));
        decoder.Decode("lab/x", """{"port":2,"data":"14","object":{"temp":"21.5"}}""");
        Assert.Equal(expected, decoder.Reading("air_temperature").Value);
    }

    [Theory]
    [InlineData("decoded")]
    [InlineData("bytes")]
    public void Of_two_forms_the_one_that_is_there_is_read(string prefer)
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("hex", Forms.Replace("PREFER", prefer, StringComparison.Ordinal));
        decoder.Decode("lab/x", """{"port":2,"data":"14","object":null}""");
        Assert.Equal(20, decoder.Reading("air_temperature").Value);
        decoder.Decode("lab/x", """{"port":2,"object":{"temp":"21.5"}}""");
        Assert.Equal(21.5, decoder.Reading("air_temperature").Value);
        Assert.Equal(MessageOutcome.Ignored, decoder.Decode("lab/x", """{"port":2}""").Outcome);
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", """{"port":2,"data":"1"}""").Reason);
        Assert.Equal(QuarantineReason.ProfileUnknown, decoder.Decode("lab/x", """{"port":3,"data":"14","object":{"temp":"21.5"}}""").Reason);
    }

    [Fact]
    public void A_body_is_chosen_by_what_the_envelope_tells_of_the_device()
    {
        DecoderUnderTest decoder = WrappedProfiles.Load("text", Model("m1", "a"), Model("m2", "b"));
        decoder.Decode("lab/x", """{"info":{"model":"m1"},"data":"{\"a\":1,\"b\":2}"}""");
        Assert.Equal(1, decoder.Reading("air_temperature").Value);
        decoder.Decode("lab/x", """{"data":"{\"a\":1,\"b\":2}","old":{"model":"m\u0032"}}""");
        Assert.Equal(2, decoder.Reading("air_temperature").Value);
        Assert.Equal(QuarantineReason.ProfileUnknown, decoder.Decode("lab/x", """{"info":{"model":"m3"},"data":"{}"}""").Reason);
        Assert.Equal(QuarantineReason.ProfileUnknown, decoder.Decode("lab/x", """{"data":"{\"info\":{\"model\":\"m1\"}}"}""").Reason);
    }

    [Theory]
    [InlineData("$envelope.modell", "no envelope of the profile tells 'modell'; known are model, firmware")]
    public void A_fact_that_no_envelope_tells_is_a_mistake(string path, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => WrappedProfiles.Load("text", Model("m1", "a").Replace("$envelope.model", path, StringComparison.Ordinal)));
        Assert.Contains(told.Errors, error => error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_form_needs_an_envelope()
    {
        ProfileException told = Assert.Throws<ProfileException>(() =>
            DecoderUnderTest.Of(Forms.Replace("envelope: lab", "", StringComparison.Ordinal).Replace("{content: [{port: 2}]}", "{topics: [\"x/{device}\"]}", StringComparison.Ordinal).Replace("PREFER", "bytes", StringComparison.Ordinal)));
        Assert.Contains(told.Errors, error => error.Contains("second form beside the bytes", StringComparison.Ordinal));
    }

    private static string Model(string name, string path) =>
        ByModel.Replace("NAME", name, StringComparison.Ordinal).Replace("PATH", path, StringComparison.Ordinal);
}
