using System.Text;
using Ioc.Devices.Registry;
using Xunit;

namespace Ioc.Tests.Devices;

public sealed class GeoPointTests
{
    [Theory]
    [InlineData(13.77512, 109.22374)]
    [InlineData(-90, -180)]
    [InlineData(90, 180)]
    [InlineData(0, 0)]
    [InlineData(-33.85678, -70.64827)]
    public void A_place_of_five_decimals_comes_back_from_its_number(double latitude, double longitude)
    {
        var place = new GeoPoint(latitude, longitude);

        double number = place.ToNumber();

        Assert.InRange(number, 0, (double)(1L << 53) - 1);
        Assert.Equal(place, GeoPoint.FromNumber(number));
    }

    [Fact]
    public void Every_place_of_five_decimals_does()
    {
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++)
        {
            var place = new GeoPoint(Math.Round(random.NextDouble() * 180 - 90, 5), Math.Round(random.NextDouble() * 360 - 180, 5));
            Assert.Equal(place, GeoPoint.FromNumber(place.ToNumber()));
        }
    }

    [Theory]
    [InlineData("1.2/3.4", true)]
    [InlineData("1.2, 3.4", true)]
    [InlineData("1.2;3.4", true)]
    [InlineData("1.2 3.4", true)]
    [InlineData("1.2", false)]
    [InlineData("1.2/", false)]
    [InlineData("1.2/3.4/5", false)]
    [InlineData("91/3.4", false)]
    [InlineData("1.2/-180.1", false)]
    [InlineData("NaN/3", false)]
    [InlineData("", false)]
    public void Two_decimal_degrees_are_read_and_nothing_else(string text, bool isPlace)
    {
        Assert.Equal(isPlace, GeoPoint.TryParse(Encoding.UTF8.GetBytes(text), out GeoPoint place));
        if (isPlace)
            Assert.Equal("1.2/3.4", place.ToText());
    }

    [Fact]
    public void A_place_off_the_globe_has_no_number() => Assert.True(double.IsNaN(new GeoPoint(91, 0).ToNumber()));
}
