using Ioc.Devices.Readings;
using Ioc.Profiles;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class ConditionTests
{
    private const string Head = "schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}/{what}\"]}\nfields:\n  - {as: a, path: a}\n";

    [Theory]
    [InlineData("{path: a, min: 1, max: 8}", true)]
    [InlineData("{path: a, min: 6}", false)]
    [InlineData("{path: a, equals: 5}", true)]
    [InlineData("{path: a, equals: 5.0}", true)]
    [InlineData("{path: a, in: [1, 2]}", false)]
    [InlineData("{path: a, not: 5}", false)]
    [InlineData("{path: text, min: 40}", true)]
    [InlineData("{path: word, min: 40}", false)]
    [InlineData("{path: word, matches: \"^[a-d]+$\"}", true)]
    [InlineData("{path: word, matches: \"^[d-f]+$\"}", false)]
    [InlineData("{path: word, matches: \"b.d\"}", true)]
    [InlineData("{path: name, matches: \"^Đèn \"}", true)]
    [InlineData("{path: missing, matches: \".\"}", false)]
    [InlineData("{path: list, is: array}", true)]
    [InlineData("{path: list, is: object}", false)]
    [InlineData("{path: nothing, is: \"null\"}", true)]
    [InlineData("{path: missing, is: number}", false)]
    [InlineData("{path: list, matches: a}", false)]
    [InlineData("{topic: what, min: 3, max: 4}", true)]
    [InlineData("{topic: what, matches: \"^[12]$\"}", false)]
    [InlineData("{expr: a * 2 == 10}", true)]
    [InlineData("{expr: a > 9}", false)]
    [InlineData("{any: [{path: a, equals: 9}, {path: word, equals: abcd}]}", true)]
    [InlineData("{any: [{path: a, equals: 9}, {path: word, equals: x}]}", false)]
    [InlineData("{matches: \"abcd\"}", true)]
    public void A_field_is_read_only_when_its_condition_holds(string condition, bool holds)
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of($"{Head}  - {{metric: value, path: v, when: [{condition}]}}\n");
        decoder.Decode("lab/x/3", """{"a":5,"text":"41","word":"abcd","name":"Đèn phố","list":[1],"nothing":null,"v":1}""");
        Assert.Equal(holds, decoder.Has("value"));
    }

    [Theory]
    [InlineData("{path: a}", "needs one of 'equals'")]
    [InlineData("{path: a, equals: 1, min: 2}", "needs one of 'equals'")]
    [InlineData("{path: a, min: 9, max: 1}", "'min' is above 'max'")]
    [InlineData("{path: a, is: cat}", "is not known")]
    [InlineData("{topic: what, is: number}", "'is' asks what stands at a 'path'")]
    [InlineData("{path: a, matches: \"(\"}", "cannot be read")]
    [InlineData("{path: a, matches: \"(?<=a)b\"}", "not supported")]
    [InlineData("{path: a, matches: \"(a)\\\\1\"}", "cannot be read")]
    [InlineData("{path: a, matches: \"[Đđ]\"}", "cannot stand in [ ]")]
    [InlineData("{path: a, matches: \"(x{1000}){1000}\"}", "not supported")]
    [InlineData("{any: [{path: a, equals: 1}]}", "two conditions or more")]
    [InlineData("{expr: z > 1}", "'z' is neither")]
    [InlineData("{path: a, equls: 1}", "'equls' is not known")]
    public void A_condition_that_cannot_be_is_told(string condition, string what)
    {
        ProfileException told = Assert.Throws<ProfileException>(() => DecoderUnderTest.Of($"{Head}  - {{metric: value, path: v, when: [{condition}]}}\n"));
        Assert.Contains(told.Errors, error => error.StartsWith("own.profile.yaml:7", StringComparison.Ordinal) && error.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Conditions_nest_only_so_deep()
    {
        string condition = "{path: a, equals: 1}";
        for (int i = 0; i < 30; i++)
            condition = $"{{any: [{condition}, {{path: b, equals: 1}}]}}";
        Assert.Throws<ProfileException>(() => DecoderUnderTest.Of($"{Head}  - {{metric: value, path: v, when: [{condition}]}}\n"));
    }

    [Fact]
    public void Content_may_compare_numbers()
    {
        DecoderUnderTest decoder = DecoderUnderTest.Of("schema: 1\nname: own\nfamily: air\nmatch: {topics: [\"lab/{device}\"], content: [{path: v, min: 10}]}\nfields: [{metric: value, path: v}]\n");
        Assert.Equal(MessageOutcome.Stored, decoder.Decode("lab/x", """{"v":10}""").Outcome);
        Assert.Equal(QuarantineReason.ProfileUnknown, decoder.Decode("lab/x", """{"v":9.9}""").Reason);
    }
}
