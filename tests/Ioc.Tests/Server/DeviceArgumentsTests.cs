using Ioc.Server.Onboarding;
using Xunit;

namespace Ioc.Tests.Server;

public class DeviceArgumentsTests
{
    [Fact]
    public void Words_become_an_import()
    {
        DeviceArguments parsed = DeviceArguments.Parse(["import", "d.csv", "--dry-run", "--Data:Path=/srv", "--Seeds:Path", "s", "--json"]);

        Assert.Equal(("d.csv", true, true, null), (parsed.File, parsed.DryRun, parsed.Json, parsed.Fault));
        Assert.Equal(["--Data:Path=/srv", "--Seeds:Path", "s"], parsed.Settings);
    }

    [Theory]
    [InlineData]
    [InlineData("import")]
    [InlineData("import", "--dry-run")]
    [InlineData("export", "x.csv")]
    [InlineData("import", "x.csv", "--dryrun")]
    [InlineData("import", "x.csv", "--Data:Path")]
    public void Words_that_are_not_understood_are_named(params string[] words) => Assert.NotNull(DeviceArguments.Parse(words).Fault);
}
