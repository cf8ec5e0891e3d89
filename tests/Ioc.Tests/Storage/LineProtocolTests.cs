using System.Buffers;
using System.Globalization;
using System.Text;
using Ioc.Devices.Readings;
using Ioc.Storage.Influx;
using Xunit;

namespace Ioc.Tests.Storage;

public sealed class LineProtocolTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(230, "230")]
    [InlineData(229.75, "229.75")]
    [InlineData(-0.05, "-0.05")]
    [InlineData(0.07, "0.07")]
    [InlineData(1234567.123456, "1234567.123456")]
    public void Short_decimals_are_written_as_people_write_them(double value, string expected) => Assert.Equal(expected, Write(value));

    [Fact]
    public void Every_number_reads_back_as_itself()
    {
        var random = new Random(20261123);
        double[] edges = [double.MaxValue, double.MinValue, double.Epsilon, 9_007_199_254_740_991, 9_007_199_254_740_993, 1e300, -1e-300, 0.1 + 0.2, 1e15, 123456789012.5, -0.0];
        IEnumerable<double> decimals = Enumerable.Range(0, 20_000).Select(_ => Math.Round(random.NextDouble() * 100_000, random.Next(0, 8)) * (random.Next(2) == 0 ? 1 : -1));
        IEnumerable<double> anything = Enumerable.Range(0, 20_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).Where(double.IsFinite);

        foreach (double value in edges.Concat(decimals).Concat(anything))
        {
            string text = Write(value);
            Assert.True(text.Length <= FixedPoint.MaxBytes);
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void A_reading_is_one_line_with_its_tags_in_order()
    {
        var world = new StorageWorld("EM 1");
        var to = new ArrayBufferWriter<byte>();

        new LineProtocol(world.Registry, world.Metrics, world.Channels).Write(
            to, world.Device("EM 1"), StorageWorld.Power, world.Channels.GetOrAdd("L1"), 5.5, Quality.Clock | Quality.Suspect, 1_795_410_000_000_000_001);

        Assert.Equal("active_power,channel=L1,device=EM\\ 1,source=default value=5.5,quality=5i 1795410000000000001\n", Encoding.UTF8.GetString(to.WrittenSpan));
    }

    [Theory]
    [InlineData("a,b=c d", "a\\,b\\=c\\ d")]
    [InlineData("dòng\nmới", "dòng%0Amới")]
    [InlineData("back\\", "back%5C")]
    [InlineData("100%", "100%25")]
    [InlineData("%0A", "%250A")]
    [InlineData("'\"", "'\"")]
    public void A_hostile_name_stays_inside_its_tag_and_comes_back(string name, string escaped)
    {
        Assert.Equal(escaped, TagText.Escape(name));
        Assert.Equal(name, TagText.Decode(TagText.Encode(name)));
    }

    [Fact]
    public void Two_readings_of_one_message_stamped_by_arrival_are_two_points()
    {
        Assert.Equal(5_000_000, LineProtocol.Nanoseconds(5_000, 6_000, 3));
        Assert.Equal(5_000_003, LineProtocol.Nanoseconds(5_000, 5_000, 3));
    }

    private static string Write(double value)
    {
        Span<byte> text = stackalloc byte[64];
        return Encoding.ASCII.GetString(text[..FixedPoint.Write(text, value)]);
    }
}
