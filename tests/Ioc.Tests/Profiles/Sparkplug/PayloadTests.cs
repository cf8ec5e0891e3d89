using System.Text;
using Ioc.Profiles.Sparkplug;
using Ioc.Testing;
using Xunit;

namespace Ioc.Tests.Profiles.Sparkplug;

public sealed class PayloadTests
{
    [Fact]
    public void A_payload_tells_its_time_its_number_and_its_metrics()
    {
        byte[] bytes = SparkplugBytes.Payload(1_700_000_000_123, 7)
            .With(SparkplugBytes.Metric("Pump/Flow", 3, 9, 1_700_000_000_100).F32(2.5f), SparkplugBytes.Metric(null, 4).Boolean(true))
            .ToArray();

        Assert.True(SparkplugPayload.TryRead(bytes, out SparkplugPayload payload));
        Assert.Equal((1_700_000_000_123UL, 7, 2), (payload.Timestamp, payload.Sequence, payload.MetricCount));
        SparkplugPayload.MetricEnumerator walk = payload.Metrics;
        Assert.True(walk.TryNext(out SparkplugMetric first));
        Assert.Equal(("Pump/Flow", 3UL, 1_700_000_000_100UL, DataType.Float), (Encoding.UTF8.GetString(first.Name), first.Alias, first.Timestamp, first.Type));
        Assert.Equal((ValueKind.Float, 2.5f), (first.Kind, BitConverter.UInt32BitsToSingle((uint)first.Bits)));
        Assert.True(walk.TryNext(out SparkplugMetric second));
        Assert.Equal((false, true, 4UL, ValueKind.Boolean, 1UL), (second.HasName, second.HasAlias, second.Alias, second.Kind, second.Bits));
        Assert.False(walk.TryNext(out _));
        Assert.False(walk.IsBroken);
    }

    [Fact]
    public void Quality_and_unit_are_found_among_the_properties()
    {
        byte[] bytes = SparkplugBytes.Metric("t").Properties(500, "Cel").F64(1).ToArray();
        Assert.True(SparkplugMetric.TryRead(bytes, out SparkplugMetric metric));
        Assert.Equal((500, "Cel"), (metric.Quality, Encoding.UTF8.GetString(metric.Unit)));
    }

    [Fact]
    public void A_metric_without_the_property_is_of_good_quality()
    {
        Assert.True(SparkplugMetric.TryRead(SparkplugBytes.Metric("t").F64(1).ToArray(), out SparkplugMetric metric));
        Assert.Equal(SparkplugMetric.QualityGood, metric.Quality);
    }

    [Fact]
    public void A_payload_cut_short_inside_a_field_is_none_and_never_an_exception()
    {
        byte[] whole = SparkplugBytes.NodeBirth(1_700_000_000_000, 3, SparkplugBytes.Metric("a/b", 1, 9).Properties(0, "V").F32(1), SparkplugBytes.Metric("s", 2, 12).Words("x")).ToArray();
        for (int length = 0; length < whole.Length; length++)
            Walk(whole.AsSpan(0, length));

        Assert.Equal(4, Walk(whole));
    }

    [Fact]
    public void Random_bytes_and_flipped_bits_never_throw()
    {
        var random = new Random(20261122);
        byte[] whole = SparkplugBytes.NodeBirth(1_700_000_000_000, 3, SparkplugBytes.Metric("a/b", 1, 9).Properties(0, "V").F32(1)).ToArray();
        for (int turn = 0; turn < 20_000; turn++)
        {
            byte[] bytes = turn % 2 == 0 ? [.. whole] : new byte[random.Next(200)];
            if (turn % 2 == 0)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            else
                random.NextBytes(bytes);
            Walk(bytes);
            BirthReader.TryRead(bytes, out _, out _);
            BirthReader.TryReadDeath(bytes, out _);
        }
    }

    [Theory]
    [InlineData("12ffffffff7f")] // a metric of 34 GB
    [InlineData("12ffffffffffffffffff01")] // one of 2^64 bytes
    [InlineData("08ffffffffffffffffffff01")] // a number of eleven groups
    [InlineData("0b")] // a group
    [InlineData("00")] // field zero
    [InlineData("0d000000")] // half a float
    public void Lengths_and_numbers_that_cannot_be_end_the_reading(string hex) =>
        Assert.False(SparkplugPayload.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Nested_property_sets_are_passed_over_however_deep()
    {
        var inner = new SparkplugBytes();
        for (int depth = 0; depth < 2_000; depth++)
            inner = new SparkplugBytes().Message(9, inner);
        byte[] metric = SparkplugBytes.Metric("deep").Message(9, new SparkplugBytes().Text(1, "other").Message(2, inner)).F64(1).ToArray();

        Assert.True(SparkplugMetric.TryRead(metric, out SparkplugMetric read));
        Assert.Equal(ValueKind.Double, read.Kind);
    }

    /// <summary>Walks what can be walked; how many metrics.</summary>
    private static int Walk(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        if (!SparkplugPayload.TryRead(bytes, out SparkplugPayload payload))
            return count;

        SparkplugPayload.MetricEnumerator walk = payload.Metrics;
        while (walk.TryNext(out _))
            count++;
        return count;
    }
}
