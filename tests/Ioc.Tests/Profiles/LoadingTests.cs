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

    [Fact]
    public void Bits_of_one_byte_do_not_overlap()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Binary + "  - {metric: battery_low, at: 0, type: u8, bits: {from: 7, count: 1}}\n  - {metric: battery_level, at: 0, type: u8, mask: 0x7F, unit: \"%\"}\n");
        decoder.Decode("lab/a", [0xB2]);
        Assert.Equal((1, 50), (decoder.Reading("battery_low").Value, decoder.Reading("battery_level").Value));
    }
}
