using Ioc.Server.Api;
using Xunit;

namespace Ioc.Tests.Server;

public sealed class PlainNumberTests
{
    [Theory]
    [InlineData(28.999999999999996, 29)]
    [InlineData(7.1579999999999995, 7.158)]
    [InlineData(-0.30000000000000004, -0.3)]
    [InlineData(123456789.125, 123456789.125)]
    [InlineData(1e-20, 1e-20)]
    [InlineData(1e300, 1e300)]
    [InlineData(0, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Noise_of_conversion_goes_and_everything_that_was_measured_stays(double stored, double shown) =>
        Assert.Equal(shown, DeviceViews.Plain(stored));
}
