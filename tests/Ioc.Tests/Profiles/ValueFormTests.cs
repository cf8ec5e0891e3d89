using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class ValueFormTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\n";

    [Theory]
    [InlineData("{decimal: \",\"}", "27,25", 27.25)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "1.234.567,5", 1234567.5)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "-1.234", -1234.0)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "12,5", 12.5)]
    [InlineData("{decimal: \",\"}", "1.5", null)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "1.5", null)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "1.2345", null)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "1.234.5", null)]
    [InlineData("{decimal: \",\", thousands: \".\"}", ".234", null)]
    [InlineData("{decimal: \",\", thousands: \".\"}", "1,5,2", null)]
    [InlineData("{thousands: \",\"}", "1,234.5", 1234.5)]
    [InlineData("{thousands: \" \"}", "12 345", 12345.0)]
    [InlineData("hex", "1F", 31.0)]
    [InlineData("hex", "0x00ff", 255.0)]
    [InlineData("hex", "1G", null)]
    [InlineData("hex", "11111111111111111", null)]
    [InlineData("{hex: 16}", "FFFE", -2.0)]
    [InlineData("{hex: 16}", "1FFFE", null)]
    public void A_text_is_read_as_the_profile_says_numbers_are_written(string number, string text, double? value)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}body: {{codec: text}}\nfields: [{{metric: value, number: {number}}}]\n");
        BatchMessage row = decoder.Decode("lab/x", text);
        Assert.Equal(value is null ? QuarantineReason.Malformed : QuarantineReason.None, row.Reason);
        Assert.True(value is null || decoder.Reading("value").Value == value);
    }

    [Fact]
    public void A_comma_is_never_guessed()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}body: {{codec: text}}\nfields: [{{metric: value}}]\n");
        Assert.Equal(QuarantineReason.Malformed, decoder.Decode("lab/x", "27,25").Reason);
    }

    [Theory]
    [InlineData("{after: \"*\"}", "000123.456*kWh", 123.456)]
    [InlineData("{after: \"*\"}", "000123.456*Wh", 0.123456)]
    [InlineData("{after: \"*\"}", "000123.456*V", null)]
    [InlineData("{after: \"*\"}", "000123.456", null)]
    [InlineData("{after: \"*\", default: kW.h}", "000123.456", 123.456)]
    [InlineData("{after: \"\"}", "5 MWh", 5000.0)]
    [InlineData("{after: \"\"}", "5kWh\\r", 5.0)]
    [InlineData("{after: \"\", map: {u: MW.h}}", "5u", 5000.0)]
    [InlineData("{after: \"*\"}", "*kWh", null)]
    public void A_unit_may_stand_in_the_text(string unit, string text, double? kilowattHours)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}fields: [{{metric: active_energy_import, path: e, unit: {unit}}}]\n");
        decoder.Decode("lab/x", $$"""{"e":"{{text}}"}""");
        Assert.Equal(kilowattHours is not null, decoder.Has("active_energy_import"));
        Assert.True(kilowattHours is null || Math.Abs(decoder.Reading("active_energy_import").Value - kilowattHours.Value) < 1e-9);
    }

    [Theory]
    [InlineData("""{"v":50,"u":"F"}""", 10.0)]
    [InlineData("""{"v":10,"u":"°C"}""", 10.0)]
    [InlineData("""{"v":283.15,"u":"K"}""", 10.0)]
    [InlineData("""{"v":10,"u":"furlong"}""", null)]
    [InlineData("""{"v":10,"u":7}""", null)]
    [InlineData("""{"v":50}""", 10.0)]
    [InlineData("""{"v":50,"u":null}""", 10.0)]
    public void A_member_names_the_unit_and_a_parameter_where_it_does_not(string payload, double? celsius)
    {
        const string yaml = Head + "parameters: {scale: {about: what the display shows, words: [Cel, \"[degF]\"], default: Cel}}\n"
            + "fields: [{metric: air_temperature, path: v, unit: {path: u, parameter: scale, map: {F: \"[degF]\"}}}]\n";
        DecoderUnderTest decoder = DecoderUnderTest.Of(yaml, new Device { Key = "us", Name = "us", Family = "air", Profile = "own", Parameters = new Dictionary<string, string> { ["scale"] = "[degF]" } });
        decoder.Decode("lab/us", payload);
        Assert.Equal(celsius is not null, decoder.Has("air_temperature"));
        Assert.True(celsius is null || Math.Abs(decoder.Reading("air_temperature").Value - celsius.Value) < 1e-9);
    }

    [Fact]
    public void A_parameter_of_words_has_its_default_and_no_other_word()
    {
        const string yaml = Head + "parameters: {scale: {about: what the display shows, words: [Cel, \"[degF]\"], default: Cel}}\n"
            + "fields: [{metric: air_temperature, path: v, unit: {parameter: scale}}]\n";
        DecoderUnderTest decoder = DecoderUnderTest.Of(yaml, new Device { Key = "odd", Name = "odd", Family = "air", Profile = "own", Parameters = new Dictionary<string, string> { ["scale"] = "Réaumur" } });
        decoder.Decode("lab/plain", """{"v":10}""");
        Assert.Equal(10, decoder.Reading("air_temperature").Value);
        Assert.Equal(QuarantineReason.NoReadings, decoder.Decode("lab/odd", """{"v":10}""").Reason);
    }

    [Theory]
    [InlineData("LEAKING REVERSED", "REVERSED")]
    [InlineData("REVERSED", "REVERSED")]
    [InlineData("LEAKING", "LEAKING")]
    [InlineData("", "OK")]
    [InlineData("RUSTY", "OTHER")]
    [InlineData("LEAKINGS", "OTHER")]
    public void The_first_word_of_the_map_that_is_in_the_list_counts(string status, string word)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}fields: [{{metric: meter_status, path: s, words: \" ,\", map: {{\"\": OK, REVERSED: REVERSED, LEAKING: LEAKING, \"*\": OTHER}}}}]\n");
        decoder.Decode("lab/x", $$"""{"s":"{{status}}"}""");
        Assert.Equal(word, decoder.Metrics[decoder.Reading("meter_status").Metric].Words[(int)decoder.Reading("meter_status").Value]);
    }

    [Fact]
    public void A_list_of_words_makes_flags_and_an_empty_one_makes_none()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}fields: [{{metric: battery_low, path: s, words: \" \", map: {{LOWBAT: true, \"*\": false}}}}]\n");
        decoder.Decode("lab/x", """{"s":"DRY LOWBAT"}""");
        Assert.Equal(1, decoder.Reading("battery_low").Value);
        decoder.Decode("lab/x", """{"s":"DRY"}""");
        Assert.Equal(0, decoder.Reading("battery_low").Value);
        decoder.Decode("lab/x", """{"s":""}""");
        Assert.False(decoder.Has("battery_low"));
    }

    [Theory]
    [InlineData(0x00, "OK")]
    [InlineData(0x01, "DRY")]
    [InlineData(0x81, "BURSTING")]
    [InlineData(0x04, "OK")]
    public void The_first_flag_of_the_list_that_is_set_counts(byte bits, string word)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}body: {{codec: binary}}\nfields: [{{metric: meter_status, at: 0, type: u8, flags: {{\"7\": BURSTING, \"0\": DRY, \"*\": OK}}}}]\n");
        decoder.Decode("lab/x", new byte[] { bits });
        Assert.Equal(word, decoder.Metrics[decoder.Reading("meter_status").Metric].Words[(int)decoder.Reading("meter_status").Value]);
    }

    [Theory]
    [InlineData("{metric: value, path: v, number: hexadecimal}", "'number' is hex")]
    [InlineData("{metric: value, path: v, number: {decimal: \";\"}}", "'decimal' is")]
    [InlineData("{metric: value, path: v, number: {decimal: \",\", thousands: \",\"}}", "'thousands' is the other one")]
    [InlineData("{metric: value, path: v, number: {hex: 12}}", "how many bits")]
    [InlineData("{metric: voltage, path: v, unit: {path: u, default: kg}}", "cannot be turned into V")]
    [InlineData("{metric: voltage, path: v, unit: {default: V}}", "a unit is named by")]
    [InlineData("{metric: voltage, path: v, unit: {parameter: p}}", "not a parameter with 'words'")]
    [InlineData("{metric: relay_state, path: v, unit: {path: u}}", "needs a 'metric' that is a number")]
    [InlineData("{metric: meter_status, path: v, words: \" \"}", "needs a 'map'")]
    [InlineData("{metric: meter_status, path: v, flags: {high: DRY}}", "must be a bit")]
    [InlineData("{metric: meter_status, path: v, flags: {\"1\": DRY}, map: {a: OK}}", "say 'flags'")]
    public void A_value_that_cannot_be_is_told(string field, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of($"{Head}fields:\n  - {field}\n"));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:6", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }
}
