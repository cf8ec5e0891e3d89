using Ioc.Devices.Registry;
using Xunit;

namespace Ioc.Tests.Devices;

public class ApiIdsTests
{
    [Theory]
    [InlineData("default", "meter-1", "meter-1")]
    [InlineData("house-7", "dsmr", "house-7~dsmr")]
    [InlineData("default", "a/b c~d%", "a%2Fb%20c%7Ed%25")]
    [InlineData("nhà", "đo", "nh%C3%A0~%C4%91o")]
    public void An_id_is_the_key_or_source_and_key_with_everything_else_escaped(string source, string key, string expected)
    {
        Assert.Equal(expected, ApiIds.Of(source, key));
    }

    [Fact]
    public void Source_and_key_come_back_from_an_id_whatever_is_in_them()
    {
        var random = new Random(20261122);
        string letters = "aZ9._-~%/ \"đ漢😀\u0301";
        for (int i = 0; i < 2_000; i++)
        {
            string source = i % 3 == 0 ? "default" : RandomText(random, letters);
            string key = RandomText(random, letters);

            Assert.True(ApiIds.TryParse(ApiIds.Of(source, key), out string sourceAgain, out string keyAgain));
            Assert.Equal((source, key), (sourceAgain, keyAgain));
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("a~")]
    [InlineData("default~a")]
    [InlineData("%61")]
    public void What_is_no_id_is_told_apart(string text) => Assert.False(ApiIds.TryParse(text, out _, out _));

    // Whole characters only: half of a surrogate pair is no text.
    private static string RandomText(Random random, string letters)
    {
        System.Text.Rune[] runes = [.. letters.EnumerateRunes()];
        return string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }
}
