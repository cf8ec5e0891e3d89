using Ioc.Devices.Readings;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class LoadingTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\n";
    private const string Binary = Head + "body: {codec: binary}\nfields:\n";

    [Theory]
    [InlineData(Head + "feilds: []\n", "own.profile.yaml:5", "'feilds' is not known")]
    [InlineData(Head + "fields:\n  - {metric: air_temprature, path: t, unit: Cel}\n", "own.profile.yaml:6", "did you mean 'air_temperature'")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: t}\n", "own.profile.yaml:6", "'unit' is missing")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: t, unit: kW}\n", "own.profile.yaml:6", "cannot be turned into Cel")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: t, unit: Cel, scale: much}\n", "own.profile.yaml:6", "'scale' must be a number")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: \"t..x\", unit: Cel}\n", "own.profile.yaml:6", "cannot be read")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: t, unit: Cel, range: {min: 9, max: 1}}\n", "own.profile.yaml:6", "is above max")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, path: t, unit: Cel, channel: \"{port}\"}\n", "own.profile.yaml:6", "not a capture of the topic")]
    [InlineData(Head + "fields:\n  - {metric: air_temperature, expr: a + 1, unit: Cel}\n", "own.profile.yaml:6", "'a' is neither a field above it")]
    [InlineData(Head + "personal: {never: [owner]}\nfields:\n  - {metric: air_temperature, path: owner.t, unit: Cel}\n", "own.profile.yaml:7", "may not be used")]
    [InlineData(Binary + "  - {metric: co2, at: 0, type: u16, unit: \"[ppm]\"}\n  - {metric: pm10, at: 1, type: u16, unit: ug/m3}\n", "own.profile.yaml:8", "overlaps field co2")]
    [InlineData(Binary + "  - {metric: device_temperature, at: 0, type: i16, mask: 0x0FFF, unit: Cel}\n", "own.profile.yaml:7", "numbers without a sign")]
    [InlineData(Binary + "  - {metric: device_temperature, at: 0, type: f32, bits: {from: 4, count: 12}, unit: Cel}\n", "own.profile.yaml:7", "numbers without a sign")]
    [InlineData(Binary + "  - {tag: \"01\", fields: []}\n", "own.profile.yaml:7", "a tag needs 'length'")]
    [InlineData(Binary + "  - {tag: \"xx\", length: 1, fields: []}\n", "own.profile.yaml:7", "pairs of hexadecimal digits")]
    [InlineData(Binary + "  - repeat: end\n    fields:\n      - {metric: co2, at: 0, type: u16, unit: \"[ppm]\"}\n", "own.profile.yaml:7", "would never end")]
    [InlineData(Binary + "  - {metric: co2, at: next, type: u16, unit: \"[ppm]\", when: [{value: has, bit: 1}]}\n", "own.profile.yaml:7", "no field above is named 'has'")]
    [InlineData(Binary + "  - {metric: co2, at: next, type: u16, unit: \"[ppm]\"}\ndevice: \"{co2}\"\n", "own.profile.yaml:8", "not a capture of the topic")]
    [InlineData(Head + "match: {}\n", "own.profile.yaml:5", "not YAML")]
    public void A_mistake_is_told_with_file_line_and_mend(string yaml, string where, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(yaml));
        Assert.Contains(told.Errors, error => error.StartsWith(where, StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        ProfileException told = Assert.Throws<ProfileException>(() =>
            DecoderUnderTest.Of("schema: 2\nname: own\nfamily: cats\nmatch: {topics: [\"lab/{device}\"]}\nfields:\n  - {metric: nonsense, path: t}\n"));
        Assert.Equal(3, told.Errors.Count);
    }

    [Theory]
    [InlineData("stop", new byte[] { 1, 0x02, 0x58, 9 }, QuarantineReason.None)]
    [InlineData("reject", new byte[] { 1, 0x02, 0x58, 9 }, QuarantineReason.Malformed)]
    [InlineData("stop", new byte[] { 2, 1, 0, 1, 0x02, 0x58 }, QuarantineReason.None)]
    [InlineData("stop", new byte[] { 2, 5, 0, 1, 0x02, 0x58 }, QuarantineReason.TooShort)]
    [InlineData("stop", new byte[] { 1, 0x02 }, QuarantineReason.TooShort)]
    [InlineData("stop", new byte[] { 2 }, QuarantineReason.TooShort)]
    public void A_tag_stream_is_read_as_far_as_its_tags_are_known(string unknown, byte[] frame, QuarantineReason reason)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Head + "body: {codec: binary, unknown: " + unknown + "}\nfields:\n"
            + "  - {tag: \"01\", length: 2, fields: [{metric: co2, at: 0, type: u16, unit: \"[ppm]\"}]}\n"
            + "  - {tag: \"02\", lengthAt: 0, fields: []}\n");
        Assert.Equal(reason, decoder.Decode("lab/a", frame).Reason);
        Assert.True(reason != QuarantineReason.None || decoder.Reading("co2").Value == 600);
    }

    [Fact]
    public void A_group_repeats_as_often_as_the_frame_says()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Binary + "  - {as: n, at: next, type: u8}\n  - repeat: n\n    fields:\n      - {as: place, at: next, type: u8}\n"
            + "      - {channel: \"p{place}\", fields: [{metric: co2, at: next, type: u16, unit: \"[ppm]\"}]}\n");
        decoder.Decode("lab/a", [2, 7, 0x02, 0x58, 9, 0x02, 0x59, 11, 0x02, 0x60]);
        Assert.Equal((600, 601), (decoder.Reading("co2", "p7").Value, decoder.Reading("co2", "p9").Value));
        Assert.Equal(2, decoder.Batch.ReadingCount);
        Assert.Equal(QuarantineReason.TooShort, decoder.Decode("lab/a", [200, 7, 0x02, 0x58]).Reason);
    }

    [Fact]
    public void Bits_of_one_byte_do_not_overlap()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Binary + "  - {metric: battery_low, at: 0, type: u8, bits: {from: 7, count: 1}}\n  - {metric: battery_level, at: 0, type: u8, mask: 0x7F, unit: \"%\"}\n");
        decoder.Decode("lab/a", [0xB2]);
        Assert.Equal((1, 50), (decoder.Reading("battery_low").Value, decoder.Reading("battery_level").Value));
    }
}
