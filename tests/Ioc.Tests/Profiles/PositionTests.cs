using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class PositionTests
{
    private const string Head = "schema: 1\nname: own\nfamily: traffic\nmatch: {topics: [\"bus/{device}\"]}\n";

    [Theory]
    [InlineData("{\"gps\":\"13.775,109.223\"}", "13.775/109.223")]
    [InlineData("{\"lat\":13.775,\"lon\":109.223}", "13.775/109.223")]
    [InlineData("{\"gps\":42,\"lat\":13.775}", null)]
    [InlineData("{\"gps\":\"0,0\"}", null)]
    [InlineData("{\"gps\":\"99.1,10\"}", null)]
    public void A_place_comes_from_one_text_or_from_two_numbers(string payload, string? place)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of(Head + "fields:\n"
            + "  - {metric: position, path: gps, sentinel: \"0,0\"}\n"
            + "  - {as: lat, path: lat}\n"
            + "  - {as: lon, path: lon}\n"
            + "  - {metric: position, expr: \"position(lat, lon)\"}\n");

        BatchMessage message = decoder.Decode("bus/a", payload);

        Assert.Equal(place is null ? QuarantineReason.NoReadings : QuarantineReason.None, message.Reason);
        if (place is not null)
            Assert.Equal(place, GeoPoint.FromNumber(decoder.Reading("position").Value).ToText());
    }

    [Theory]
    [InlineData("fields:\n  - {metric: position, path: gps, scale: 2}\n", "neither scale nor range")]
    [InlineData("fields:\n  - {metric: position, path: gps, unit: Cel}\n", "unit")]
    [InlineData("body: {codec: binary}\nfields:\n  - {metric: position, at: 0, type: u32}\n", "position(latitude, longitude)")]
    public void A_place_that_cannot_be_is_told_at_loading(string fields, string what) =>
        Assert.Contains(Assert.Throws<ProfileException>(() => DecoderUnderTest.Of(Head + fields)).Errors, error => error.Contains(what, StringComparison.Ordinal));
}
