using System.Globalization;
using Ioc.Devices.Readings;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class ExpressionTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\nparameters: {gain: {about: for tests, default: 2}}\nfields:\n"
        + "  - {as: a, path: a}\n  - {as: b, path: b}\n  - {as: none, path: none}\n";

    [Theory]
    [InlineData("a + b * gain", 6 + (3 * 2))]
    [InlineData("if(a > b, 1, 2)", 1)]
    [InlineData("if(a <= b, 1, 2)", 2)]
    [InlineData("a == 6 and not (b == 6)", 1)]
    [InlineData("a != 6 or b < 0", 0)]
    [InlineData("not a == 6", 0)]
    [InlineData("exists(none) + exists(a)", 1)]
    [InlineData("first(none, b, a)", 3)]
    [InlineData("min(a, b, 1)", 1)]
    [InlineData("max(a, b, 1)", 6)]
    [InlineData("sum(a, b, 1)", 10)]
    [InlineData("count(a, none, b)", 2)]
    [InlineData("mask(a, 0x0E)", 6)]
    [InlineData("shift(a, 1) + shift(b, -2)", 3 + 12)]
    [InlineData("bit(a, 1) + bit(a, 0)", 1)]
    [InlineData("if(exists(none), none, -a)", -6)]
    [InlineData("1e3 / a", 1000.0 / 6)]
    [InlineData("a > 100 and none > 1", 0)]
    [InlineData("a < 100 or none > 1", 1)]
    [InlineData("-(-a)", 6)]
    public void An_expression_gives_its_value(string expression, double expected)
    {
        DecoderUnderTest decoder = Of(expression);
        decoder.Decode("lab/x", """{"a":6,"b":3}""");
        Assert.Equal(expected, decoder.Reading("value").Value, 12);
    }

    [Theory]
    [InlineData("none + 1")]
    [InlineData("min(a, none)")]
    [InlineData("sum(a, none)")]
    [InlineData("none > 1")]
    [InlineData("not none")]
    [InlineData("if(none > 1, a, b)")]
    [InlineData("a / (b - 3)")]
    [InlineData("mask(-a, 1)")]
    [InlineData("shift(a, 99)")]
    [InlineData("a > 1 and none > 1")]
    public void What_is_absent_or_impossible_gives_no_value(string expression)
    {
        DecoderUnderTest decoder = Of(expression);
        Assert.Equal(QuarantineReason.NoReadings, decoder.Decode("lab/x", """{"a":6,"b":3}""").Reason);
    }

    [Theory]
    [InlineData("a +", "a value is missing")]
    [InlineData("a < b < 3", "two comparisons in a row")]
    [InlineData("if(a, b)", "if() takes 3 values, not 2")]
    [InlineData("exists(a, b)", "exists() takes 1 values, not 2")]
    [InlineData("sqrt(a)", "there is no function 'sqrt'")]
    [InlineData("a b", "'b' is left over")]
    [InlineData("(a", "')' is missing")]
    [InlineData("1.2.3", "neither a field above it")]
    [InlineData("a and", "a value is missing")]
    public void A_mistake_in_an_expression_names_its_line(string expression, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => Of(expression));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:10", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("(", "a", ")", 200, "longer than 400")]
    [InlineData("(", "a", ")", 40, "nested too deep")]
    [InlineData("-", "a", "", 60, "nested too deep")]
    [InlineData("not ", "a", "", 60, "nested too deep")]
    [InlineData("a + (", "a", ")", 30, "nested too deep")]
    [InlineData("if(a, b, ", "a", ")", 30, "nested too deep")]
    public void Depth_and_length_are_bounded(string open, string middle, string close, int times, string what)
    {
        string expression = string.Concat(Enumerable.Repeat(open, times)) + middle + string.Concat(Enumerable.Repeat(close, times));
        ProfileException told = Assert.Throws<ProfileException>(() => Of(expression));
        Assert.Contains(told.Errors, error => error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_written_is_read_or_refused()
    {
        string[] pieces = ["a", "b", "none", "gain", "(", ")", ",", "+", "-", "*", "/", "<", "==", "and", "or", "not", "if(", "min(", "first(", "1", "0x1F", " "];
        var random = new Random(20261122);
        for (int i = 0; i < 300; i++)
        {
            string expression = string.Join(' ', Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                DecoderUnderTest decoder = Of(expression);
                decoder.Decode("lab/x", string.Create(CultureInfo.InvariantCulture, $$"""{"a":{{random.Next(-9, 9)}},"b":{{random.NextDouble()}}}"""));
            }
            catch (ProfileException told)
            {
                Assert.All(told.Errors, error => Assert.StartsWith("own.profile.yaml:", error, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void A_name_read_in_one_element_is_forgotten_in_the_next()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"]}\nfields:\n"
            + "  - each: list\n    channel: \"{$index}\"\n    fields:\n      - {as: a, path: a}\n      - {metric: value, expr: a * 2}\n");
        decoder.Decode("lab/x", """{"list":[{"a":1},{},{"a":3}]}""");
        Assert.Equal(["0", "2"], decoder.All().Select(reading => decoder.Channels.NameOf(reading.Channel)));
    }

    private static DecoderUnderTest Of(string expression) => DecoderUnderTest.Of($"{Head}  - {{metric: value, expr: \"{expression}\"}}\n");
}
