using Ioc.Server.Hosting;
using Xunit;

namespace Ioc.Tests.Server;

public sealed class CommandLineTests
{
    [Fact]
    public void The_demo_flag_does_not_swallow_the_setting_behind_it()
    {
        CommandLine command = CommandLine.Parse(["--demo", "--Mqtt:Port", "0"]);

        Assert.True(command.Demo);
        Assert.Equal(["--Mqtt:Port", "0"], command.Settings);
        Assert.Null(command.Unknown);
    }

    [Theory]
    [InlineData("srve")]
    [InlineData("--Mqtt:Port")]
    public void A_word_that_nobody_understands_is_named(string word) => Assert.Equal(word, CommandLine.Parse([word]).Unknown);

    [Fact]
    public void Without_a_verb_it_serves() => Assert.Equal(Verb.Serve, CommandLine.Parse(["--Data:Path=/x"]).Verb);
}
