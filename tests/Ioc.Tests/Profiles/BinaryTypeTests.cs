using Ioc.Devices.Readings;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class BinaryTypeTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\nbody: {codec: binary}\nfields:\n";

    [Theory]
    [InlineData("type: u40", "0000000102", 258.0)]
    [InlineData("type: u40, endian: little", "0201000000", 258.0)]
    [InlineData("type: i40", "FFFFFFFFFE", -2.0)]
    [InlineData("type: u48", "000000000102", 258.0)]
    [InlineData("type: i48, endian: little", "FEFFFFFFFFFF", -2.0)]
    [InlineData("type: u64", "0000000000010000", 65536.0)]
    [InlineData("type: i64", "FFFFFFFFFFFFFFFE", -2.0)]
    [InlineData("type: f16", "3E00", 1.5)]
    [InlineData("type: f32", "42F6E666", 123.45)]
    [InlineData("type: f32, endian: swapped", "E66642F6", 123.45)]
    [InlineData("type: f32, endian: little-swapped", "F64266E6", 123.45)]
    [InlineData("type: f32, endian: little", "66E6F642", 123.45)]
    [InlineData("type: u32, endian: swapped", "00020001", 65538.0)]
    [InlineData("type: f64, endian: swapped", "000000000000C05E", -120.0)]
    [InlineData("type: bcd8", "42", 42.0)]
    [InlineData("type: bcd32", "12345678", 12345678.0)]
    [InlineData("type: bcd32, endian: little", "78563412", 12345678.0)]
    [InlineData("type: bcd48", "000000001234", 1234.0)]
    [InlineData("type: varint", "AC02", 300.0)]
    [InlineData("type: zigzag", "D704", -300.0)]
    [InlineData("type: u8, bits: {from: 0, count: 2, order: high}", "C1", 3.0)]
    [InlineData("type: u8, bits: {from: 7, count: 1, order: high}", "C1", 1.0)]
    [InlineData("type: u64, bits: {from: 60, count: 4}", "A000000000000001", 10.0)]
    [InlineData("type: u48, mask: 0xFF00, shift: 8", "00000000AB01", 171.0)]
    public void A_number_is_read_in_its_shape(string shape, string hex, double value)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{metric: value, at: 0, {shape}}}\n");
        Assert.Equal(QuarantineReason.None, decoder.Decode("lab/x", Convert.FromHexString(hex)).Reason);
        Assert.Equal(value, decoder.Reading("value").Value, 4);
    }

    [Theory]
    [InlineData("type: bcd16", "1A34", QuarantineReason.NoReadings)]
    [InlineData("type: bcd16", "12", QuarantineReason.TooShort)]
    [InlineData("type: varint", "FFFF", QuarantineReason.TooShort)]
    [InlineData("type: varint", "FFFFFFFFFFFFFFFFFFFF01", QuarantineReason.NoReadings)]
    [InlineData("type: u64", "00000000000000", QuarantineReason.TooShort)]
    [InlineData("type: f16", "7C00", QuarantineReason.NoReadings)]
    public void What_is_no_number_is_absent_and_what_ends_early_is_told(string shape, string hex, QuarantineReason reason)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{metric: value, at: 0, {shape}}}\n");
        Assert.Equal(reason, decoder.Decode("lab/x", Convert.FromHexString(hex)).Reason);
    }

    [Fact]
    public void A_field_behind_a_varint_begins_where_it_ends()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{as: id, at: next, type: varint}}\n  - {{metric: co2, at: next, type: u16, unit: \"[ppm]\"}}\n");
        decoder.Decode("lab/x", new byte[] { 0xAC, 0x02, 0x02, 0x58 });
        Assert.Equal(600, decoder.Reading("co2").Value);
        decoder.Decode("lab/x", new byte[] { 0x05, 0x02, 0x59 });
        Assert.Equal(601, decoder.Reading("co2").Value);
    }

    [Theory]
    [InlineData("type: u16, endian: swapped", "about the 16-bit words")]
    [InlineData("type: varint, bits: {from: 0, count: 1}", "numbers without a sign")]
    [InlineData("type: u16, bits: {from: 12, count: 8}", "do not fit into 16 bits")]
    [InlineData("type: u16, bits: {from: 12, count: 8, order: high}", "do not fit into 16 bits")]
    [InlineData("type: u128", "is not known")]
    public void A_shape_that_cannot_be_is_told(string shape, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of($"{Head}  - {{metric: value, at: 0, {shape}}}\n"));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:7", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Random_frames_in_every_shape_give_finite_values_or_none()
    {
        var random = new Random(1);
        foreach (string type in new[] { "u40", "i40", "u48", "i48", "u64", "i64", "f16", "f32", "f64", "varint", "zigzag", "bcd8", "bcd16", "bcd24", "bcd32", "bcd40", "bcd48", "bcd64" })
        {
            DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{metric: value, at: 0, type: {type}}}\n");
            for (int i = 0; i < 200; i++)
            {
                byte[] frame = new byte[random.Next(0, 14)];
                random.NextBytes(frame);
                decoder.Decode("lab/x", frame);
                Assert.All(decoder.Batch.Values.ToArray(), value => Assert.True(double.IsFinite(value)));
            }
        }
    }
}
