using Ioc.Profiles.Documents;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class SenmlTests
{
    [Theory]
    [InlineData("""[{"bn":"a/","n":"t","v":1}]""", """[{"name":"a/t","bn":"a/","n":"t","v":1}]""")]
    [InlineData("""[{"bn":"a/","bu":"Cel","bt":1795316340,"bv":20},{"n":"t","v":1.5,"t":-10},{"n":"u","u":"V","v":2}]""",
        """[{"name":"a/t","bn":"a/","n":"t","u":"Cel","t":1795316330,"v":21.5},{"name":"a/u","bn":"a/","n":"u","u":"V","t":1795316340,"v":22}]""")]
    [InlineData("""[{"n":"a","v":1},{"bn":"b","v":2},{"bn":"","n":"c","v":3}]""",
        """[{"name":"a","bn":"","n":"a","v":1},{"name":"b","bn":"b","n":"","v":2},{"name":"c","bn":"","n":"c","v":3}]""")]
    [InlineData("""[{"n":"a","v":1,"bn":"late/"}]""", """[{"name":"late/a","bn":"late/","n":"a","v":1}]""")]
    [InlineData("""[{"bs":10,"n":"w","s":2.5}]""", """[{"name":"w","bn":"","n":"w","s":12.5}]""")]
    [InlineData("""[{"n":"a","vs":"x\"y\u00e9"},{"n":"b","vb":false},{"n":"c","vd":"AQ"}]""",
        """[{"name":"a","bn":"","n":"a","vs":"x\"y\u00e9"},{"name":"b","bn":"","n":"b","vb":false},{"name":"c","bn":"","n":"c","vd":"AQ"}]""")]
    [InlineData("""[{"n":"a","v":1,"t":0}]""", """[{"name":"a","bn":"","n":"a","v":1}]""")]
    [InlineData("""[{"n":"a","v":1,"t":-60}]""", """[{"name":"a","bn":"","n":"a","t":1795316340,"v":1}]""")]
    [InlineData("""[{"n":"a","v":1,"ut":30,"x":{"y":[1]}},{"bt":5}]""", """[{"name":"a","bn":"","n":"a","v":1}]""")]
    [InlineData("[]", "[]")]
    public void Base_fields_hold_for_their_record_and_those_after_it(string pack, string records) =>
        Assert.Equal(records, Transcoding.Write(new SenmlFormat(), pack));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""[{"n":"a","v":1}""")]
    [InlineData("""[{"n":"a","v":1}]x""")]
    [InlineData("""[{"n":"a","v":"1"}]""")]
    [InlineData("""[{"n":1,"v":1}]""")]
    [InlineData("""[{"n":"a","vb":1}]""")]
    [InlineData("""[{"bver":11,"n":"a","v":1}]""")]
    [InlineData("""[{"n":"a","v":1,"must_":1}]""")]
    [InlineData("""[1]""")]
    public void What_the_standard_forbids_is_refused(string pack) => Assert.Null(Transcoding.Write(new SenmlFormat(), pack));

    [Fact]
    public void Whatever_is_cut_off_or_changed_does_no_harm()
    {
        byte[] whole = """[{"bn":"a/","bu":"Cel","bt":1795316340.5,"bver":10},{"n":"t","v":1.5e1,"t":-10,"vs":"\u00e9"}]"""u8.ToArray();
        var random = new Random(8428);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. whole];
            for (int n = random.Next(1, 4); n > 0; n--)
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Transcoding.Write(new SenmlFormat(), changed.AsSpan(0, random.Next(changed.Length + 1)));
        }
    }
}
