using Ioc.Profiles.Documents;
using Xunit;

namespace Ioc.Tests.Profiles.Documents;

public sealed class UltraLightTests
{
    [Theory]
    [InlineData("t|15", """[{"t":"15"}]""")]
    [InlineData(" t|15|k|abc \r\n", """[{"t":"15","k":"abc"}]""")]
    [InlineData("t|15#k|a\"b", """[{"t":"15"},{"k":"a\"b"}]""")]
    [InlineData("2026-11-22T02:50:00Z|t|15#t|16", """[{"TimeInstant":"2026-11-22T02:50:00Z","t":"15"},{"t":"16"}]""")]
    [InlineData("t|", """[{"t":""}]""")]
    public void Groups_become_objects_of_a_list(string body, string json) =>
        Assert.Equal(json.Replace("a\"b", "a\\\"b", StringComparison.Ordinal), Transcoding.Write(new UltraLightFormat(), body));

    [Theory]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("t|15|k")]
    [InlineData("yesterday|t|15")]
    [InlineData("2026-11-22T02:50:00Z")]
    [InlineData("|15")]
    [InlineData("t|15#")]
    [InlineData("#t|15")]
    public void What_is_no_list_of_pairs_is_refused(string body) => Assert.Null(Transcoding.Write(new UltraLightFormat(), body));
}
