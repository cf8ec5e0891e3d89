using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class AttributeTests
{
    private const string Meter = """
        schema: 1
        name: meter
        family: water
        match:
          topics:
            - "m/{device}/data"
            - {topic: "m/{device}/info", outcome: attributes}
        personal: {never: [owner]}
        fields:
          - {metric: battery_voltage, path: bat, unit: V}
          - {attribute: firmware, path: fw}
          - {attribute: valve_open, path: valve, when: [{exists: bat}]}
        attributes:
          - {attribute: firmware, paths: [sw.version, version]}
          - {attribute: interval_s, path: interval, scale: 60}
          - {attribute: label, text: "{.maker}-{.type}"}
        """;

    [Fact]
    public void A_message_tells_readings_and_facts_at_once()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        BatchMessage row = decoder.Decode("m/w1/data", """{"bat":3.6,"fw":"2.4.1","valve":true}""");

        Assert.Equal((MessageOutcome.Stored, 1, 2), (row.Outcome, row.ReadingCount, row.AttributeCount));
        Assert.Equal(["w1 firmware=2.4.1 Text", "w1 valve_open=true Boolean"], Facts(decoder));
    }

    [Fact]
    public void A_topic_of_facts_tells_them_of_a_known_device()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter, Known("w1"));
        BatchMessage row = decoder.Decode("m/w1/info", """{"version":" 3.0 ","interval":15,"maker":"Z","type":"\u00e9t"}""");

        Assert.Equal((MessageOutcome.Stored, 0), (row.Outcome, row.ReadingCount));
        Assert.Equal(["w1 firmware=3.0 Text", "w1 interval_s=900 Number", "w1 label=Z-ét Text"], Facts(decoder));
    }

    [Fact]
    public void Facts_bring_no_device_into_being()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter);
        BatchMessage row = decoder.Decode("m/nobody/info", """{"version":"3.0"}""");

        Assert.Equal((MessageOutcome.Ignored, QuarantineReason.None, 0), (row.Outcome, row.Reason, row.AttributeCount));
        Assert.Equal(0, decoder.Registry.Count);
    }

    [Theory]
    [InlineData("""{"version":null}""")]
    [InlineData("""{"version":""}""")]
    [InlineData("""{"version":"unknown"}""")]
    [InlineData("""{"version":{"a":1}}""")]
    [InlineData("""{"version":"\ud800"}""")]
    public void What_says_nothing_is_no_fact(string payload)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter, Known("w1"));
        BatchMessage row = decoder.Decode("m/w1/info", payload);

        Assert.Equal((MessageOutcome.Ignored, 0), (row.Outcome, row.AttributeCount));
    }

    [Fact]
    public void A_value_longer_than_the_bound_is_left_out_rather_than_cut()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Meter, Known("w1"));
        Assert.Equal(0, decoder.Decode("m/w1/info", $$"""{"version":"{{new string('x', 257)}}"}""").AttributeCount);
        Assert.Equal(1, decoder.Decode("m/w1/info", $$"""{"version":"{{new string('x', 256)}}"}""").AttributeCount);
    }

    [Fact]
    public void A_message_set_aside_takes_its_facts_with_it()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("""
            schema: 1
            name: frame
            family: other
            match: {topics: ["f/{device}"]}
            body: {codec: binary}
            fields:
              - {attribute: firmware, text: "{$byte0}.{$byte1}"}
              - fields: [{metric: battery_voltage, at: 2, type: u16, unit: mV}]
            """, Known("w1"));

        Assert.Equal((QuarantineReason.TooShort, 0), (decoder.Decode("f/w1", [1, 9]).Reason, decoder.Batch.AttributeCount));
        Assert.Equal(1, decoder.Decode("f/w1", [1, 9, 12, 28]).AttributeCount);
        Assert.Equal(["w1 firmware=1.9 Text"], Facts(decoder));
    }

    [Fact]
    public void Facts_of_a_meter_behind_a_gateway_are_the_meters()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("""
            schema: 1
            name: hub
            family: other
            match: {topics: ["hub/{device}"]}
            fields:
              - {attribute: firmware, path: fw}
              - each: meters
                device: "{$key}"
                fields:
                  - {metric: voltage, path: u, unit: V}
                  - {attribute: firmware, path: fw}
            """);
        decoder.Decode("hub/h1", """{"fw":"9","meters":{"a":{"u":230,"fw":"1"},"b":{"fw":"2"}}}""");

        // b is not known and says no reading; the hub was heard through a.
        Assert.Equal(["h1 firmware=9 Text", "a firmware=1 Text"], Facts(decoder));
    }

    [Theory]
    [InlineData("{attribute: firmware, path: owner.name}", "personal.never")]
    [InlineData("{attribute: Firmware, path: fw}", "small letters")]
    [InlineData("{attribute: firmware, path: fw, text: \"{.a}\"}", "either 'text' or another source")]
    [InlineData("{attribute: firmware, path: fw, unit: V}", "an attribute has no")]
    [InlineData("{attribute: firmware}", "exactly one source")]
    public void A_wrong_attribute_is_told(string entry, string part)
    {
        var wrong = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(Meter.Replace("{attribute: firmware, path: fw}", entry, StringComparison.Ordinal)));
        Assert.Contains(wrong.Errors, error => error.Contains(part, StringComparison.Ordinal));
    }

    private static Device Known(string key) => new() { Key = key, Name = key, Family = "water" };

    private static List<string> Facts(DecoderUnderTest decoder)
    {
        var told = new List<string>();
        foreach (BatchAttribute fact in decoder.Batch.Attributes)
            told.Add($"{decoder.Registry[fact.Device].Key} {fact.Name}={Encoding.UTF8.GetString(decoder.Batch.TextOf(fact))} {fact.Kind}");
        return told;
    }
}
