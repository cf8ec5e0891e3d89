using System.Globalization;
using System.Text.RegularExpressions;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Startup;

/// <summary>The simulated city is a process of its own: it must never outlive the server that started it.</summary>
public sealed partial class DemoFleetTests
{
    [Fact]
    public async Task The_simulated_city_ends_with_a_server_that_is_killed()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, "--demo");
        int city = await CityOfAsync(server);

        await server.KillAsync();

        await Wait.UntilAsync(() => !IsRunning(city), 20, "the simulated city has ended");
    }

    [Fact]
    public async Task The_simulated_city_ends_before_a_server_that_is_asked_to_stop()
    {
        using var folder = new TemporaryFolder();
        await using IocProcess server = await IocProcess.StartAsync(folder.FullName, 0, "--demo");
        int city = await CityOfAsync(server);

        Assert.Equal(0, await server.StopAsync());

        Assert.False(IsRunning(city));
    }

    // Once its messages arrive: until then it may not have begun to listen for the end.
    private static async Task<int> CityOfAsync(IocProcess server)
    {
        await Wait.UntilAsync(async () => (await server.BalanceAsync()).Received > 0, 60, "the simulated city speaks");
        int city = int.Parse(PlaysIn().Match(server.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(IsRunning(city));
        return city;
    }

    // A process that ended and that nobody has asked after still has its folder, but no command line.
    private static bool IsRunning(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Contains("ioc-sim", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"plays in process (\d+)")]
    private static partial Regex PlaysIn();
}
