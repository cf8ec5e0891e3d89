using Ioc.Profiles.Documents;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class CborTests
{
    // Encodings from appendix A of RFC 8949.
    [Theory]
    [InlineData("00", "0")]
    [InlineData("1818", "24")]
    [InlineData("1903e8", "1000")]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("20", "-1")]
    [InlineData("3903e7", "-1000")]
    [InlineData("f90000", "0")]
    [InlineData("f93e00", "1.5")]
    [InlineData("f97bff", "65504")]
    [InlineData("f90400", "6.103515625E-05")]
    [InlineData("fa47c35000", "100000")]
    [InlineData("fb3ff199999999999a", "1.1")]
    [InlineData("fa41a8cccd", "21.1")]
    [InlineData("f97e00", "null")]
    [InlineData("fb7ff0000000000000", "null")]
    [InlineData("f4", "false")]
    [InlineData("f5", "true")]
    [InlineData("f6", "null")]
    [InlineData("f7", "null")]
    [InlineData("f8ff", "null")]
    [InlineData("c11a514b67b0", "1363896240")]
    [InlineData("c48221196ab3", "273.15")]
    [InlineData("c482021903e8", "100000")]
    [InlineData("4401020304", "\"AQIDBA\"")]
    [InlineData("5f42010243030405ff", "\"AQIDBAU\"")]
    [InlineData("62225c", "\"\\\"\\\\\"")]
    [InlineData("62c3bc", "\"ü\"")]
    [InlineData("610a", "\"\\u000a\"")]
    [InlineData("7f657374726561646d696e67ff", "\"streaming\"")]
    [InlineData("80", "[]")]
    [InlineData("8301820203820405", "[1,[2,3],[4,5]]")]
    [InlineData("9f018202039f0405ffff", "[1,[2,3],[4,5]]")]
    [InlineData("a201020304", "{\"1\":2,\"3\":4}")]
    [InlineData("a2202163616263f5", "{\"-1\":-2,\"abc\":true}")]
    [InlineData("bf61610161629f0203ffff", "{\"a\":1,\"b\":[2,3]}")]
    public void An_item_becomes_the_json_it_stands_for(string hex, string json) =>
        Assert.Equal(json, Transcoding.Write(new CborFormat(), Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("18")]
    [InlineData("1c")]
    [InlineData("1f")]
    [InlineData("0000")]
    [InlineData("62c3")]
    [InlineData("5bffffffffffffffff00")]
    [InlineData("9bffffffffffffffff00")]
    [InlineData("bbffffffffffffffff")]
    [InlineData("9f00")]
    [InlineData("7f6161")]
    [InlineData("7f01ff")]
    [InlineData("ff")]
    [InlineData("a1f500")]
    [InlineData("a1410100")]
    [InlineData("a101")]
    [InlineData("df00ff")]
    [InlineData("c4820180")]
    public void What_is_no_single_whole_item_is_refused(string hex) =>
        Assert.Null(Transcoding.Write(new CborFormat(), Convert.FromHexString(hex)));

    [Fact]
    public void Endless_nesting_is_refused_before_it_costs_the_stack()
    {
        foreach (byte opening in (byte[])[0x81, 0x9F, 0xC1, 0xA1])
            Assert.Null(Transcoding.Write(new CborFormat(), Enumerable.Repeat(opening, 200_000).ToArray()));
    }

    [Fact]
    public void A_pack_that_unfolds_into_far_more_than_was_sent_is_too_much()
    {
        // One base name of 60,000 letters for 20,000 records.
        byte[] name = [0x7A, 0, 0, 0xEA, 0x60, .. Enumerable.Repeat((byte)'n', 60_000)];
        byte[] pack = [0x9F, 0xA1, 0x21, .. name, .. Enumerable.Repeat((byte[])[0xA1, 0x02, 0x00], 20_000).SelectMany(record => record), 0xFF];
        Assert.Null(Transcoding.Write(new SenmlCborFormat(), pack));
    }

    [Fact]
    public void Random_bytes_give_json_or_nothing()
    {
        var random = new Random(8949);
        byte[] body = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(body);
            if (Transcoding.Write(new CborFormat(), body.AsSpan(0, random.Next(64))) is { } json)
                System.Text.Json.JsonDocument.Parse(json).Dispose();
            Transcoding.Write(new SenmlCborFormat(), body);
        }
    }
}
