using Ioc.Server.ProfileTools;
using Xunit;

namespace Ioc.Tests.Server.ProfileTools;

public sealed class ProfileArgumentsTests
{
    [Fact]
    public void Words_become_a_request()
    {
        ProfileArguments parsed = ProfileArguments.Parse(
            ["decode", "--topic", "a/b", "--payload", "m.json", "--hex", "--received-at", "2026-11-22T10:00:00+07:00", "--param", "mount_m=8.2", "--param", "x=a=b", "--profile", "p", "--zone", "Europe/Paris", "--profiles", "dir"]);

        Assert.Null(parsed.Fault);
        Assert.Equal(("a/b", "m.json", true, "p", "dir"), (parsed.Topic, parsed.PayloadFile, parsed.IsHex, parsed.Profile, parsed.Folder));
        Assert.Equal(Workbench.Arrival, parsed.ReceivedAt);
        Assert.Equal(("8.2", "a=b", "Europe/Paris"), (parsed.Parameters["mount_m"], parsed.Parameters["x"], parsed.Zone?.Id));
    }

    [Theory]
    [InlineData]
    [InlineData("try")]
    [InlineData("decode")]
    [InlineData("decode", "--topic")]
    [InlineData("decode", "--topic", "a", "--received-at", "yesterday")]
    [InlineData("decode", "--topic", "a", "--param", "x")]
    [InlineData("decode", "--topic", "a", "--zone", "Hanoi")]
    [InlineData("check", "a", "b")]
    [InlineData("check", "--hex")]
    [InlineData("new", "--topic", "a", "--samples", "s")]
    public void What_is_not_understood_is_said(params string[] words) => Assert.NotNull(ProfileArguments.Parse(words).Fault);

    [Theory]
    [InlineData("01 0e\n10", "010E10")]
    [InlineData("0x01:0E-10", "010E10")]
    [InlineData("", "")]
    public void Hexadecimal_is_taken_as_people_write_it(string text, string bytes)
    {
        Assert.True(CapturedMessage.TryHex(text, out byte[] read));
        Assert.Equal(bytes, Convert.ToHexString(read));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("zz")]
    [InlineData("01 0é")]
    public void What_is_not_hexadecimal_is_refused(string text) => Assert.False(CapturedMessage.TryHex(text, out _));
}
